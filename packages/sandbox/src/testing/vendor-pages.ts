/** Reads the vendors' pages where they lie beside the repository; nothing of them is kept here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RawRequest } from './raw-http.ts'

const FOLDER = fileURLToPath(new URL('../../../../../shared/seeds', import.meta.url))

export const HAS_PAGES = existsSync(FOLDER)

/** The text of the page by the number that its file's name begins with. */
export function readPage(number: string): string {
  const name = readdirSync(FOLDER).find((each) => each.startsWith(`${number}_`))
  if (name === undefined) throw new Error(`Cannot find page ${number}`)
  return readFileSync(join(FOLDER, name), 'utf8')
}

/** A request as a page prints it, with the answer that it prints. */
export interface PrintedExchange {
  readonly path: string
  readonly request: RawRequest
  readonly status: number
  readonly answer: string
}

const EXCHANGE =
  /^ *Request example\n+([^]*?)\n+ *Response example\n+ *HTTP\/1\.1 (\d+) OK\n([^]*?^ *\}$)/gm

/** All that a page of the PBX prints as an example. */
export function printedExchanges(page: string): readonly PrintedExchange[] {
  return [...page.matchAll(EXCHANGE)].map(([, request = '', status, answer = '']) => ({
    ...parseRequest(dedent(request)),
    status: Number(status),
    answer,
  }))
}

/** The pages print blank lines amid the headers, so a body is known by how it begins. */
function parseRequest(lines: readonly string[]): Pick<PrintedExchange, 'path' | 'request'> {
  const [method = '', path = ''] = (lines[0] ?? '').split(' ')
  const start = lines.findIndex((line) => line.startsWith('{') || line.startsWith('--'))
  const headers = lines.slice(1, start).flatMap((line): [string, string][] => {
    const [name = '', value = ''] = line.split(/: (.*)/)
    return value === '' || name === 'Host' ? [] : [[name, value]]
  })
  const body = `${lines.slice(start).join('\r\n').trimEnd()}\r\n`
  return { path, request: { method, headers: Object.fromEntries(headers), body } }
}

function dedent(text: string): readonly string[] {
  const margin = /^ */.exec(text)?.[0] ?? ''
  return text
    .split('\n')
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line))
}
