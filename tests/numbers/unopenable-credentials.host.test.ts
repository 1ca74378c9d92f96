import { createNumber, deleteConnection, deleteNumber, Fault, readConnection } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const ACTOR = { kind: 'system', id: 'test' } as const

function neverOpen(): Promise<never> {
  return Promise.reject(new Fault('internal', 'Cannot open sealed value: its key is gone'))
}

/** A number, and the services of a program whose key-encryption key is lost. */
async function withoutKeys() {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { connectionId } = await world.number()
  const more = { connectionId, upstreamId: '2', label: null }
  await createNumber(world.services, { actor: ACTOR }, more)
  const services = { ...world.services, sealer: { ...world.services.sealer, open: neverOpen } }
  return { ledger, connectionId, numberId: world.numberId, services }
}

test('deleteNumber() forgets a number whose connection’s credentials no longer open', async () => {
  const { ledger, numberId, services } = await withoutKeys()
  await deleteNumber(services, { actor: ACTOR }, numberId)
  expect(await ledger.read({ kind: 'number', id: numberId })).toBeNull()
  await ledger.close()
})

test('deleteConnection() with its numbers needs no credentials', async () => {
  const { ledger, connectionId, services } = await withoutKeys()
  await deleteConnection(services, { actor: ACTOR }, { id: connectionId, cascade: true })
  await expect(readConnection(services, connectionId)).rejects.toMatchObject({ code: 'not_found' })
  await ledger.close()
})
