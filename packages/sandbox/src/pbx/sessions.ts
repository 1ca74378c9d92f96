import type { Context } from 'hono'
import { invalidParameter, pbxAnswer, PbxError } from './errors.ts'
import { readJson, requiredText } from './parameters.ts'
import { nowOf, type Pbx } from './pbx.ts'
import { ACCESS_SECONDS, REFRESH_SECONDS, type TokenPair } from './tokens.ts'

/** After so many failed logins in a row the caller's address is blocked. */
const MAX_FAILED_LOGINS = 5

/** POST get_token: client id and secret for a pair of tokens. */
export async function getToken(pbx: Pbx, c: Context): Promise<Response> {
  const body = readJson(new Uint8Array(await c.req.arrayBuffer()))
  const username = requiredText(body, 'username')
  const password = requiredText(body, 'password')
  if (username !== pbx.seed.clientId || password !== pbx.seed.clientSecret) {
    pbx.state.failedLogins += 1
    const invalid = { field: 'username or password', value: 'error' }
    throw new PbxError(-1, { invalid_param_list: [invalid] })
  }
  const pair = pbx.tokens.open(nowOf(pbx), pbx.knobs.current.login)
  if (pair === null) throw new PbxError(60002)
  pbx.state.failedLogins = 0
  return pairAnswer(pair)
}

/** POST refresh_token. */
export async function refreshToken(pbx: Pbx, c: Context): Promise<Response> {
  const body = readJson(new Uint8Array(await c.req.arrayBuffer()))
  const given = requiredText(body, 'refresh_token')
  const pair = pbx.tokens.renew(given, nowOf(pbx), pbx.knobs.current.refresh)
  if (pair === 'unknown') throw new PbxError(10004)
  if (pair === null) throw new PbxError(60002)
  return pairAnswer(pair)
}

/** GET del_token: the token is worthless from here on, and the refresh token that came with it. */
export function deleteToken(pbx: Pbx, c: Context): Response {
  pbx.tokens.close(checkToken(pbx, c))
  return pbxAnswer(0)
}

/** The token counts in the query alone. @throws PbxError 10004 */
export function checkToken(pbx: Pbx, c: Context): string {
  const token = c.req.query('access_token') ?? ''
  if (!pbx.tokens.isLive(token, nowOf(pbx))) throw new PbxError(10004)
  return token
}

export function isBlocked(pbx: Pbx): boolean {
  return pbx.state.failedLogins >= MAX_FAILED_LOGINS
}

/** What stands before every call, known or not. @throws PbxError 40002, 70004, 10001 */
export function checkCaller(pbx: Pbx, c: Context): void {
  const required = pbx.knobs.current.userAgent === 'required'
  if (required && (c.req.header('user-agent') ?? '') === '')
    throw invalidParameter('User-Agent', 'required')
  if (isBlocked(pbx)) throw new PbxError(70004)
  // Hono would serve it as a GET, and here some of those delete.
  if (c.req.method === 'HEAD') throw new PbxError(10001)
}

function pairAnswer({ access, refresh }: TokenPair): Response {
  return pbxAnswer(0, {
    access_token_expire_time: ACCESS_SECONDS,
    access_token: access,
    refresh_token_expire_time: REFRESH_SECONDS,
    refresh_token: refresh,
  })
}
