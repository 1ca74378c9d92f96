import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from './serve.ts'
import { bundleOf, mintChain } from './testing/chains.ts'
import { stoppedClock } from './testing/clock.ts'
import { sendRaw } from './testing/raw-http.ts'
import { HAS_PAGES, printedExchanges, readPage } from './testing/vendor-pages.ts'
import { SAMPLE } from './world.ts'

/** What the vendors' pages print is taken out of them and sent; only placeholders are filled in. */

const { onprem, pbx } = SAMPLE
const USER_AGENT = { 'User-Agent': 'OpenAPI' }
const chain = mintChain()

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ clock: stoppedClock })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

async function logInOnPrem(): Promise<Readonly<Record<string, string>>> {
  const { body } = await sendRaw(`${sandbox.onpremUrl}/v1/users/login`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${onprem.username}:${onprem.password}`)}` },
  })
  return { Authorization: `Bearer ${/"token":"([^"]+)"/.exec(body)?.[1]}` }
}

async function logInPbx(): Promise<string> {
  const { body } = await sendRaw(`${sandbox.pbxUrl}/openapi/v1.0/get_token`, {
    method: 'POST',
    headers: { ...USER_AGENT, 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: pbx.clientId, password: pbx.clientSecret }),
  })
  return /"access_token":"([^"]+)"/.exec(body)?.[1] ?? ''
}

/** Path and content type of a request that the page of the certificates prints on one line. */
function printed(method: string): { readonly path: string; readonly type: string | undefined } {
  const line = new RegExp(String.raw`^${method} (/v1/\S+)(?: Content-Type: (\S+))?`, 'm')
  const [, path = '', type] = line.exec(readPage('000')) ?? []
  return { path, type }
}

describe.skipIf(!HAS_PAGES)('/v1/certificates/external (needs ../shared/seeds)', () => {
  test('answers the upload with what the page prints', async () => {
    const { path, type = '' } = printed('POST')
    const headers = { ...(await logInOnPrem()), 'Content-Type': type }
    const request = { method: 'POST', headers, body: bundleOf(chain) }
    const answer = await sendRaw(`${sandbox.onpremUrl}${path}`, request)
    expect(answer.status).toBe(200)
    expect(readPage('000')).toContain(`looks like this:\n${answer.body}\n`)
  })

  test('takes the headers of the printed command', async () => {
    const command = /^curl .*$/m.exec(readPage('000'))?.[0] ?? ''
    const path = /your-webapp-port(\S+)/.exec(command)?.[1] ?? ''
    const { Authorization = '' } = await logInOnPrem()
    const headers = [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [
      name,
      value?.replace('Bearer your-auth-token', Authorization),
    ])
    const answer = await sendRaw(`${sandbox.onpremUrl}${path}`, {
      method: 'POST',
      headers: Object.fromEntries(headers),
      body: bundleOf(chain),
    })
    expect(answer).toMatchObject({ status: 200, body: 'null' })
  })

  test('reads the CA where the page does, and answers 404 with no body where there is none', async () => {
    const url = `${sandbox.onpremUrl}${printed('GET').path}`
    const headers = await logInOnPrem()
    const found = await sendRaw(url, { headers })
    expect([found.status, found.headers.get('content-type')]).toEqual([
      200,
      'text/plain;charset=UTF-8',
    ])
    await sandbox.control.setKnobs('onprem', { externalCa: 'none' })
    expect(await sendRaw(url, { headers })).toMatchObject({ status: 404, body: '' })
  })
})

describe.skipIf(!HAS_PAGES)('Add a Certificate (needs ../shared/seeds)', () => {
  test('prints an upload, a create of it, and an application: all answer as printed', async () => {
    const exchanges = printedExchanges(readPage('004'))
    expect(exchanges.map(({ request }) => request.method)).toEqual(['POST', 'POST', 'POST'])
    const token = await logInPbx()
    for (const { path, request, status, answer } of exchanges) {
      const url = `${sandbox.pbxUrl}${path.replace(/access_token=\w+/, `access_token=${token}`)}`
      const body = (request.body ?? '')
        .replace('<Content-Type header here>', 'application/x-x509-ca-cert')
        .replace('(data)', chain.root.certificate)
      const headers = { ...request.headers, ...USER_AGENT }
      const got = await sendRaw(url, { ...request, headers, body })
      expect(got.status).toBe(status)
      expect(JSON.parse(got.body)).toEqual(JSON.parse(answer))
    }
  })

  // The page prints no User-Agent, and a PBX was seen to refuse whoever sends none.
  test('is refused word for word, for want of a User-Agent', async () => {
    const [upload] = printedExchanges(readPage('004'))
    const url = `${sandbox.pbxUrl}${upload?.path ?? ''}`
    expect(JSON.parse((await sendRaw(url, upload?.request)).body)).toMatchObject({
      errcode: 40002,
    })
    await sandbox.control.setKnobs('pbx', { userAgent: 'ignored' })
    expect(JSON.parse((await sendRaw(url, upload?.request)).body)).toMatchObject({
      errcode: 10004,
    })
  })
})
