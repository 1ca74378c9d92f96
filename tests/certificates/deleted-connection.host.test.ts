import { DAY, deleteConnection } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { LISTED } from '../support/certificate-provider.ts'
import { certificateWorld } from '../support/certificate-world.ts'
import { CALM } from '../support/model-upstream.ts'

const ACTOR = { kind: 'system', id: 'test' } as const
/** Longer than an upload takes. */
const LATEST_MS = 5000
const STEP_MS = 150

describe('a connection that is deleted while one of its certificates is uploaded', () => {
  test('leaves no certificate, no entry and no task behind, whenever it happens', async () => {
    for (let after = 0; after <= LATEST_MS; after += STEP_MS) {
      const ledger = await openSqliteLedger({ path: ':memory:' })
      const world = await certificateWorld({ ledger, seed: after, weather: CALM, kinds: LISTED })
      const { clock, connectionId } = world
      const deleted = { id: connectionId, cascade: false }
      const uploading = world.upload('a.pem')
      const reading = world.refresh()
      await clock.advance(after)
      await clock.until(deleteConnection(world.services, { actor: ACTOR }, deleted))
      await clock.until(Promise.all([uploading, reading]))
      await world.pass(2 * DAY)
      expect(await world.certificates(), `after ${after} ms`).toEqual([])
      expect(await world.inventory(), `after ${after} ms`).toMatchObject({ entries: [] })
      expect(await ledger.nextDue(), `after ${after} ms`).toBeNull()
      expect(world.defects).toEqual([])
      await ledger.close()
    }
  })

  test('takes no new one from when its deletion has begun', async () => {
    const ledger = await openSqliteLedger({ path: ':memory:' })
    const world = await certificateWorld({ ledger, seed: 1, weather: CALM, kinds: LISTED })
    const deleted = { id: world.connectionId, cascade: false }
    await world.clock.until(deleteConnection(world.services, { actor: ACTOR }, deleted))
    expect(await world.upload('a.pem')).toBe('not_found')
    expect(await world.refresh()).toBe('not_found')
    expect(world.upstream.created).toEqual([])
    await ledger.close()
  })
})
