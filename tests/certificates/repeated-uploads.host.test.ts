import { DAY, MINUTE, type ReceiptPlan, type Added } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { LISTED } from '../support/certificate-provider.ts'
import { QUOTA } from '../support/certificate-upstream.ts'
import { expectAtRest } from '../support/certificate-rest.ts'
import { type CertificateWorld, certificateWorld } from '../support/certificate-world.ts'
import { CALM } from '../support/model-upstream.ts'
import { mortal } from '../support/mortal.ts'

/** More than one upload makes. */
const CALLS = 24
const NAMES = ['a', 'b', 'c', 'd', 'e'].map((each) => `${each}.pem`)
const RECEIPT_ID = 'a1b2c3d4e5f6'.padEnd(64, '0')

async function open(seed = 1) {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  return certificateWorld({ ledger, seed, weather: CALM, kinds: LISTED })
}

/** The receipt of a request that carries the same Idempotency-Key each time. */
async function claim({ ledger, clock, connectionId }: CertificateWorld) {
  const asked = { id: RECEIPT_ID, digest: 'same', now: clock.now(), leaseMs: MINUTE, keepMs: DAY }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the id of a connection names its partition
  const claimed = await ledger.claimReceipt(connectionId as `con_${string}`, asked)
  if (claimed.outcome !== 'claimed') return claimed.outcome
  const receipt: ReceiptPlan<Added> = {
    id: RECEIPT_ID,
    holder: claimed.holder,
    render: ({ state }) => ({ status: 201, headers: {}, body: state.id }),
  }
  return receipt
}

async function uploadOnce(world: CertificateWorld, name: string, calls = Infinity) {
  const receipt = await claim(world)
  if (typeof receipt === 'string') return receipt
  return world.upload(name, { receipt, by: mortal(world.services, calls) })
}

describe('an upload that is repeated with its Idempotency-Key', () => {
  test('is there once, wherever the process of the first died', async () => {
    for (let calls = 0; calls <= CALLS; calls += 1) {
      const world = await open(calls)
      void uploadOnce(world, 'a.pem', calls)
      await world.clock.advance(2 * MINUTE)
      const outcome = await world.clock.until(uploadOnce(world, 'a.pem'))
      expect(['done', 'replay'], `after ${calls} calls`).toContain(outcome)
      await world.pass(DAY)
      expect(world.upstream.created, `after ${calls} calls`).toEqual(['a.pem'])
      await expectAtRest(world)
      await world.ledger.close()
    }
  })

  // A key whose request failed is free again: what it names then is another certificate.
  test('is another one where it brings another file', async () => {
    for (let calls = 0; calls <= CALLS; calls += 1) {
      const world = await open(calls)
      void uploadOnce(world, 'a.pem', calls)
      await world.clock.advance(2 * MINUTE)
      const outcome = await world.clock.until(uploadOnce(world, 'b.pem'))
      await world.pass(DAY)
      if (outcome === 'done') expect(world.upstream.created).toContain('b.pem')
      else expect(outcome).toBe('replay')
      await expectAtRest(world)
      await world.ledger.close()
    }
  })
})

describe('uploads at the same time', () => {
  test('are no more than the upstream holds', async () => {
    const world = await open()
    const uploads = NAMES.map((name) => world.upload(name))
    const outcomes = await world.clock.until(Promise.all(uploads))
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(QUOTA)
    expect(outcomes.filter((each) => each === 'quota_exceeded')).toHaveLength(2)
    await expectAtRest(world)
    await world.ledger.close()
  })

  test('are no more than that where nobody knows what came of the first', async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const world = await open(seed)
      world.upstream.weather = { ...CALM, lostAnswers: 0.2, delayedWrites: 0.3, delayMs: MINUTE }
      const uploads = NAMES.map((name) => world.upload(name))
      await world.clock.until(Promise.all(uploads))
      world.upstream.weather = CALM
      await world.pass(DAY)
      await expectAtRest(world)
      await world.ledger.close()
    }
  })

  test('of one name are one, the first', async () => {
    const world = await open()
    const uploads = [world.upload('a.pem'), world.upload('a.pem')]
    const outcomes = await world.clock.until(Promise.all(uploads))
    expect(outcomes.toSorted()).toEqual(['conflict', 'done'])
    expect(world.upstream.created).toEqual(['a.pem'])
    await world.ledger.close()
  })
})
