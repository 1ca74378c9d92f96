import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** More than any answer here takes. */
const MAX_SECONDS = '30'

export interface CurlAnswer {
  readonly status: number
  /** With lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  /** Undefined where it is none. */
  readonly json: unknown
  /** Statuses of the answers before the last one, such as 100. */
  readonly interim: readonly number[]
}

/** Runs curl itself with these arguments. @throws Error with what it complained of */
export async function runCurl(words: readonly string[]): Promise<CurlAnswer> {
  const child = spawn(
    'curl',
    ['--silent', '--show-error', '--include', '--max-time', MAX_SECONDS, ...words],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => (printed[name] += chunk))
  }
  const ended = once(child, 'close')
  await ended
  if (child.exitCode !== 0) throw new Error(`Cannot run curl: ${printed.stderr}`)
  return answerOf(printed.stdout)
}

const HEAD = /^HTTP\/1\.1 (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/

function answerOf(printed: string): CurlAnswer {
  const interim: number[] = []
  let rest = printed
  for (;;) {
    const [whole, status, fields = ''] = HEAD.exec(rest) ?? []
    if (whole === undefined) throw new Error(`Cannot read answer: ${printed}`)
    rest = rest.slice(whole.length)
    if (Number(status) < 200) {
      interim.push(Number(status))
      continue
    }
    const headers = new Map(
      fields.split('\r\n').map((field): [string, string] => {
        const [name = '', value = ''] = field.split(/: *(.*)/)
        return [name.toLowerCase(), value]
      }),
    )
    return { status: Number(status), headers, text: rest, json: parsed(rest), interim }
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
