import type { Random } from '@latchkey/core'
import { randomText } from '@latchkey/core'

const FORM = /^[A-Za-z0-9._-]{8,128}$/
const LENGTH = 26

/** The caller's own request id where it has a harmless form, else a new one. */
export function requestIdOf(request: Request, random: Random): string {
  const given = request.headers.get('x-request-id')
  return given !== null && FORM.test(given) ? given : randomText(random, LENGTH)
}
