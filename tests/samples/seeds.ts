/** Reads the vendors' pages where they are at hand; nothing of them is kept here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCurl, type SampleRequest } from './curl.ts'
import { jsonAt, parseHttp } from './http.ts'

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
  return placesOf(BEGINS)
}

/** Every line of every page in which this is found, as `page:line`. */
export function placesOf(pattern: RegExp): readonly string[] {
  return readdirSync(FOLDER).flatMap((name) => {
    const [page = ''] = name.split('_')
    return linesOf(page).flatMap((line, index) =>
      pattern.test(line) ? [`${page}:${index + 1}`] : [],
    )
  })
}

export function lineAt(place: string): string {
  const [page = '', line = ''] = place.split(':')
  return linesOf(page)[Number(line) - 1] ?? ''
}

/** A page from this line on. */
export function linesFrom(place: string): readonly string[] {
  const [page = '', line = ''] = place.split(':')
  return linesOf(page).slice(Number(line) - 1)
}

/** The request that begins at this place. */
export function sampleAt(place: string): SampleRequest {
  const rest = linesFrom(place)
  return rest[0]?.startsWith('curl ') === true ? parseCurl(rest.join('\n')) : parseHttp(rest)
}

/** The body of the answer that is printed at a place, below its status line; blanks and all. @throws Error for another status */
export function answerAt(place: string): string {
  const [first = '', ...rest] = linesFrom(place)
  const indent = /^\s*/.exec(first)?.[0].length ?? 0
  const json = jsonAt(rest.map((each) => each.slice(indent)))
  if (first.trim() !== 'HTTP/1.1 200 OK' || json === null) throw new Error(`No answer at ${place}`)
  return json
}
