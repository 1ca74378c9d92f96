/** Where upstreams put the id under which their own support finds a request, the most specific first. */
const NAMES = ['x-fb-request-id', 'x-fb-trace-id', 'x-request-id']
/** An id that is longer, or is more than an id, is not passed on. */
const ID = /^[\w.:+/=-]{1,128}$/

export function requestIdOf(headers: Headers): string | null {
  for (const name of NAMES) {
    const value = headers.get(name)
    if (value !== null && ID.test(value)) return value
  }
  return null
}
