import { SAMPLE } from '../world.ts'
import type { Called, TestSandbox } from './call.ts'

export type OnPremUserName = 'admin' | 'reader'

const PASSWORDS: Readonly<Record<OnPremUserName, string>> = {
  admin: SAMPLE.onprem.password,
  reader: SAMPLE.onprem.userPassword,
}

/** The `Authorization` of a fresh login. */
export async function bearerOf(
  sandbox: TestSandbox,
  name: OnPremUserName = 'admin',
): Promise<Record<string, string>> {
  const authorization = `Basic ${btoa(`${name}:${PASSWORDS[name]}`)}`
  const login = { method: 'POST', headers: { authorization } }
  const { text } = await sandbox.call('/onprem/v1/users/login', login)
  return { authorization: `Bearer ${/"token":"([^"]+)"/.exec(text)?.[1]}` }
}

/** Sends a text as the certificate endpoints want it. */
export async function sendText(
  sandbox: TestSandbox,
  path: string,
  body: string,
  name: OnPremUserName = 'admin',
): Promise<Called> {
  const headers = { ...(await bearerOf(sandbox, name)), 'content-type': 'text/plain' }
  return sandbox.call(path, { method: 'POST', headers, body })
}
