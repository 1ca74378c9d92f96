/** Reads the vendors' pages where they are at hand; nothing of them is kept here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCurl, type SampleRequest } from './curl.ts'

const FOLDER = fileURLToPath(new URL('../../../shared/seeds', import.meta.url))

export const HAS_SEEDS = existsSync(FOLDER)

/** A line that begins a request: a command, or a request line. */
const BEGINS = /^\s*(?:curl |(?:GET|POST|PUT|PATCH|DELETE) [/{])/

/** The lines of a page by the number that its file's name begins with. */
function linesOf(page: string): readonly string[] {
  const name = readdirSync(FOLDER).find((each) => each.startsWith(`${page}_`))
  if (name === undefined) throw new Error(`Cannot find page ${page}`)
  return readFileSync(join(FOLDER, name), 'utf8').split('\n')
}

/** Where every request of every page begins, as `page:line`. */
export function requestPlaces(): readonly string[] {
  return readdirSync(FOLDER).flatMap((name) => {
    const [page = ''] = name.split('_')
    return linesOf(page).flatMap((line, index) =>
      BEGINS.test(line) ? [`${page}:${index + 1}`] : [],
    )
  })
}

export function lineAt(place: string): string {
  const [page = '', line = ''] = place.split(':')
  return linesOf(page)[Number(line) - 1] ?? ''
}

/** The request that begins at this place. */
export function sampleAt(place: string): SampleRequest {
  const [page = '', line = ''] = place.split(':')
  const rest = linesOf(page).slice(Number(line) - 1)
  return rest[0]?.startsWith('curl ') === true ? parseCurl(rest.join('\n')) : parseHttp(rest)
}

/** A request line, and a JSON object below it where there is one. */
function parseHttp([first = '', ...rest]: readonly string[]): SampleRequest {
  const [method = '', path = ''] = first.trim().split(' ')
  const [, json] = /^(\{[^}]*\})/.exec(rest.join('\n')) ?? []
  if (json === undefined) return { method, path, headers: [], fields: [], encoding: null }
  const fields: unknown = JSON.parse(json)
  const entries = Object.entries(fields ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  )
  return { method, path, headers: [], fields: entries, encoding: 'json' }
}
