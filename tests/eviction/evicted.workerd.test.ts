/// <reference types="@latchkey/ledger/cloudflare-test" />
import { abortAllDurableObjects, evictAllDurableObjects } from 'cloudflare:test'
import { SECOND } from '@latchkey/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeNumber } from '../api/harness/client.ts'
import type { ApiHarness } from '../api/harness/harness.ts'
import { publishTo, readFresh } from '../api/harness/key-calls.ts'
import { freshKey } from '../api/harness/keys.ts'
import { makeFleet, progress, SHARED, start } from '../api/harness/rotation-calls.ts'
import { openWorkerdHarness } from '../api/harness/workerd.ts'

const NUMBERS = 12
/** An outcome that nobody knows is asked for after 30 seconds. */
const LOOKED_AFTER_MS = 31 * SECOND
/** A write that was under way is looked for when its lease is over, and is sent once more five minutes after that. */
const TURNS_MAX = 20

describe.each([
  ['evicted', evictAllDurableObjects],
  ['killed', abortAllDurableObjects],
])('objects that are %s', (_, end) => {
  let api: ApiHarness
  beforeEach(async () => {
    api = await openWorkerdHarness()
  })
  afterEach(() => api.close())

  // The upstream takes the key and hangs up; then what was to look for it is gone from memory.
  test('find out what became of a publish whose answer was lost', async () => {
    const { numberId } = await makeNumber(api, 'graph')
    const key = await freshKey()
    const answer = { kind: 'reset' } as const
    await api.sandbox.addFault({ upstream: 'graph', method: 'POST', times: null, answer })
    const sent = await publishTo(api, numberId, key)
    expect(sent.status, sent.text).toBeGreaterThanOrEqual(500)
    await api.sandbox.clearFaults()
    await end()
    await api.advance(LOOKED_AFTER_MS)
    const read = await readFresh(api, numberId)
    expect(read.json).toMatchObject({ fingerprint: key.fingerprint, inSync: true })
  })

  test('go on with a rotation, and write each number once', async () => {
    await makeFleet(api, NUMBERS)
    const { id } = await start(api, { numbers: { all: true }, key: SHARED })
    await end()
    await api.advance(LOOKED_AFTER_MS)
    await end()
    let { status, counts } = await progress(api, id)
    for (let turns = 0; status === 'running' && turns < TURNS_MAX; turns += 1) {
      await api.advance(LOOKED_AFTER_MS)
      ;({ status, counts } = await progress(api, id))
    }
    expect([status, counts.verified]).toEqual(['succeeded', NUMBERS])
    const { numbers } = await api.sandbox.state('graph')
    expect(numbers.map(({ writes }) => writes)).toEqual(numbers.map(() => 1))
  })
})
