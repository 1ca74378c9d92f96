import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxControl } from '../control/client.ts'
import { startSandbox, type Sandbox } from '../serve.ts'
import { bundleOf, mintChain } from '../testing/chains.ts'
import { stoppedClock } from '../testing/clock.ts'
import { containing } from '../testing/containing.ts'
import { sendRaw } from '../testing/raw-http.ts'
import { SAMPLE } from '../world.ts'

const { onprem, graph } = SAMPLE
const chain = mintChain()

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ clock: stoppedClock })
})
afterAll(() => sandbox.close())

function logIn() {
  const Authorization = `Basic ${btoa(`${onprem.username}:${onprem.password}`)}`
  return sendRaw(`${sandbox.onpremUrl}/v1/users/login`, {
    method: 'POST',
    headers: { Authorization },
  })
}

async function upload(body: string) {
  const token = /"token":"([^"]+)"/.exec((await logIn()).body)?.[1] ?? ''
  return sendRaw(`${sandbox.onpremUrl}/v1/certificates/external`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/plain' },
    body,
  })
}

describe('an On-Premises deployment after a bad certificate', () => {
  test('resets every connection until its table is dropped and it is restarted', async () => {
    const control = sandboxControl(sandbox.url)
    const bad = bundleOf({ ...chain, leaf: { ...chain.leaf, privateKey: chain.root.privateKey } })
    expect(await upload(bad)).toMatchObject({ status: 200, body: 'null' })
    expect((await logIn()).status).toBe(200)
    await control.restart()
    expect((await control.state('onprem')).details).toMatchObject({
      webapp: 'down',
      problem: 'key-mismatch',
    })
    await control.clearRequests()
    expect(await logIn()).toMatchObject({ ending: 'reset', text: '' })
    expect((await control.requests({ upstream: 'onprem' })).requests).toEqual([
      containing({ path: '/v1/users/login', status: null }),
    ])
    const me = `${sandbox.graphUrl}/${graph.version}/me?access_token=${graph.accessToken}`
    expect((await sendRaw(me)).status).toBe(200)

    await control.dropCertsTable()
    expect((await logIn()).ending).toBe('reset')
    await control.restart('webapp')
    expect((await logIn()).status).toBe(200)
    expect(await upload(bundleOf(chain))).toMatchObject({ status: 200, body: 'null' })
    await control.restart()
    expect((await control.state('onprem')).details).toMatchObject({
      webapp: 'up',
      served: { origin: 'uploaded', subject: 'CN=wa.example.com' },
    })
  })

  test('is up in a space of its own, and after a reset', async () => {
    const space = sandbox.space('other')
    await sandbox.control.reset()
    await upload(bundleOf({ ...chain, intermediate: chain.root }))
    await sandbox.control.restart()
    expect((await logIn()).ending).toBe('reset')
    expect((await space.control.state('onprem')).details.webapp).toBe('up')
    await sandbox.control.reset()
    expect((await logIn()).status).toBe(200)
  })
})
