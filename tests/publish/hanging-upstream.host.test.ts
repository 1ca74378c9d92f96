import { SECOND } from '@latchkey/core'
import { expect, test } from 'vitest'
import { makeNumber } from '../api/harness/client.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { eventsOf, publishTo, readFresh } from '../api/harness/key-calls.ts'
import { freshKey } from '../api/harness/keys.ts'

// It sits out the hard limit of an upstream call.
test('an upstream that takes a key and never answers is given up after 10 s, and read later', async () => {
  const api = await openHostHarness()
  try {
    const key = await freshKey()
    const { numberId } = await makeNumber(api, 'graph')
    await api.sandbox.addFault({
      upstream: 'graph',
      method: 'POST',
      apply: 'now',
      answer: { kind: 'hang' },
    })
    const put = await publishTo(api, numberId, key)
    expect(put.status, put.text).toBe(504)
    expect(put.json).toMatchObject({
      code: 'upstream_timeout',
      retryable: true,
      upstream: { provider: 'graph', status: null },
    })
    expect((await eventsOf(api, numberId)).at(-1)).toMatchObject({
      type: 'key.publish_unknown',
      data: { code: 'upstream_timeout', upstream: { status: null } },
    })
    await api.advance(30 * SECOND)
    expect(
      (await eventsOf(api, numberId)).find((each) => each.type === 'key.published'),
    ).toMatchObject({ data: { fingerprint: key.fingerprint, late: true } })
    const got = await readFresh(api, numberId)
    expect(got.json).toMatchObject({ signatureStatus: 'valid', inSync: true })
    const { numbers } = await api.sandbox.state('graph')
    expect(numbers.reduce((sum, each) => sum + each.writes, 0)).toBe(1)
  } finally {
    await api.close()
  }
})
