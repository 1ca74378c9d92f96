import {
  type Exchange,
  MINUTE,
  type Nothing,
  SECOND,
  type Session,
  type SessionProtocol,
  type UpstreamResponse,
} from '@latchkey/core'
import * as z from 'zod'
import type { Call } from '../shared/verdict.ts'
import { LOGIN_VERDICTS } from './codes.ts'
import { sessionEnded, successOf } from './faults.ts'
import { get, postOpen } from './request.ts'
import { type PbxCredentials, tokenAnswer } from './schema.ts'

/** Five failed logins block our address until somebody unblocks it by hand. */
const REFUSED_PAUSE_MS = 15 * MINUTE
/** What the page gives a token, where an answer does not say or cannot be right. */
const ACCESS_SECONDS = 1800
/** What the page gives the token that renews it: no session is longer. */
const RENEWAL_SECONDS = 86_400

/**
 * Sessions of the PBX (page "Get access token"): at most 8 are open at a time, so that one is renewed rather than
 * opened anew, and given back when it is over.
 */
export function tokenSession({ clientId, clientSecret }: PbxCredentials): SessionProtocol {
  const secrets = [clientId, clientSecret]
  return {
    open: {
      repeatable: false,
      request: () => {
        const body = JSON.stringify({ username: clientId, password: clientSecret })
        return postOpen(['get_token'], body)
      },
      respond: (response) => sessionOf({ action: 'log in', writes: false, secrets }, response),
    },
    renew: renew(secrets),
    close: close(secrets),
    ended: sessionEnded,
    refusedPauseMs: REFUSED_PAUSE_MS,
  }
}

function renew(secrets: readonly string[]): Exchange<{ readonly renewal: string }, Session> {
  return {
    repeatable: false,
    request({ renewal }) {
      const body = JSON.stringify({ refresh_token: renewal })
      return postOpen(['refresh_token'], body)
    },
    respond: (response, { renewal }) =>
      sessionOf(
        { action: 'renew session', writes: false, secrets: [...secrets, renewal] },
        response,
      ),
  }
}

function close(secrets: readonly string[]): Exchange<Nothing, Nothing> {
  return {
    repeatable: false,
    request: (_input, session) => get(['del_token'], { session }),
    respond(response) {
      successOf({ action: 'end session', writes: false, secrets }, response, z.unknown())
      return {}
    },
  }
}

function sessionOf(about: Call, response: UpstreamResponse): Session {
  const answer = successOf(about, response, tokenAnswer, LOGIN_VERDICTS)
  const told = answer.access_token_expire_time ?? ACCESS_SECONDS
  const seconds = told > 0 && told <= RENEWAL_SECONDS ? told : ACCESS_SECONDS
  return {
    secret: answer.access_token,
    expiresAt: response.at + seconds * SECOND,
    ...(answer.refresh_token == null ? {} : { renewal: answer.refresh_token }),
  }
}
