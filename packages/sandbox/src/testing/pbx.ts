import { isRecord } from '../shared/readers.ts'
import { SAMPLE } from '../world.ts'
import type { Called, TestSandbox } from './call.ts'

const BASE = '/pbx/openapi/v1.0'
const JSON_TYPE = { 'content-type': 'application/json' }

/** A client of the sample PBX with a token of its own. */
export interface PbxClient {
  readonly token: string
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>
  post(path: string, body: object): Promise<unknown>
  upload(type: string, name: string, content: string): Promise<unknown>
}

export function callPbx(
  sandbox: TestSandbox,
  path: string,
  init: RequestInit = {},
): Promise<Called> {
  const headers = { 'user-agent': 'OpenAPI', ...Object.fromEntries(new Headers(init.headers)) }
  return sandbox.call(`${BASE}/${path}`, { ...init, headers })
}

export async function postPbx(sandbox: TestSandbox, path: string, body: object): Promise<unknown> {
  const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) }
  return (await callPbx(sandbox, path, init)).json
}

export function logIn(sandbox: TestSandbox, password: string = SAMPLE.pbx.clientSecret) {
  return postPbx(sandbox, 'get_token', { username: SAMPLE.pbx.clientId, password })
}

/** A text of an answer; empty where it has none of the name. */
export function textIn(answer: unknown, field: string): string {
  const value = isRecord(answer) ? answer[field] : undefined
  return typeof value === 'string' ? value : ''
}

export async function pbxClient(sandbox: TestSandbox): Promise<PbxClient> {
  const token = textIn(await logIn(sandbox), 'access_token')
  const at = (path: string, query: Readonly<Record<string, string>> = {}) =>
    `${path}?${new URLSearchParams({ access_token: token, ...query }).toString()}`
  return {
    token,
    get: async (path, query) => (await callPbx(sandbox, at(path, query))).json,
    post: (path, body) => postPbx(sandbox, at(path), body),
    async upload(type, name, content) {
      const body = new FormData()
      body.set('type', type)
      body.set('file', new File([content], name))
      return (await callPbx(sandbox, at('certificate/upload'), { method: 'POST', body })).json
    },
  }
}
