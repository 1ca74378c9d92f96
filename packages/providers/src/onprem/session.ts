import type { Exchange, Nothing, Session, SessionProtocol } from '@latchkey/core'
import { toBase64, toUtf8 } from '@latchkey/crypto'
import { unexpectedAnswer } from '../shared/http-status.ts'
import type { Call } from '../shared/verdict.ts'
import { parseExpiry } from './expiry.ts'
import { sessionEnded, successJson } from './faults.ts'
import { loginAnswer } from './schema.ts'

/** Logs in with a user's name and password (page "Users, login"): a bearer token, for 7 days by default. */
export function loginSession(username: string, password: string): SessionProtocol {
  return { open: login(username, password), ended: sessionEnded }
}

function login(username: string, password: string): Exchange<Nothing, Session> {
  const about: Call = { action: 'log in', writes: false, secrets: [username, password] }
  return {
    repeatable: true,
    request: () => ({
      method: 'POST',
      path: ['v1', 'users', 'login'],
      // UTF-8, as RFC 7617 §2.1 asks of servers that say nothing else.
      headers: { Authorization: `Basic ${toBase64(toUtf8(`${username}:${password}`))}` },
    }),
    respond(response) {
      const answer = loginAnswer.safeParse(successJson(about, response))
      if (!answer.success) throw unexpectedAnswer(about, response)
      const [user] = answer.data.users
      const expiresAt = parseExpiry(user.expires_after ?? '')
      // A deployment whose clock is behind would have us log in for every call: rather wait for its 401.
      const plausible = expiresAt !== null && expiresAt > response.at
      return { secret: user.token, expiresAt: plausible ? expiresAt : null }
    },
  }
}
