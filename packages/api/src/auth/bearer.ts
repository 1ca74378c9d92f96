import { Fault } from '@latchkey/core'

/** `b64token` of RFC 6750 §2.1. */
const TOKEN = '[A-Za-z0-9\\-._~+/]+=*'
const HEADER = new RegExp(`^Bearer +(${TOKEN}) *$`, 'i')
const WHOLE = new RegExp(`^${TOKEN}$`)

/** Whether a text can be sent as a bearer token at all. */
export function isBearerToken(text: string): boolean {
  return WHOLE.test(text)
}

/** The token of an Authorization header. @throws Fault unauthenticated */
export function bearerOf(authorization: string | null): string {
  const token = HEADER.exec(authorization ?? '')?.[1]
  if (token === undefined) {
    throw new Fault(
      'unauthenticated',
      'Cannot authenticate: send the header "Authorization: Bearer <token>"',
    )
  }
  return token
}
