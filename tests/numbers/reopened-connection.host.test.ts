import { createNumber, deleteConnection, readConnection, readNumber } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { expect, test } from 'vitest'
import { CALM } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

const BY = { actor: { kind: 'system', id: 'test' } } as const

// Somebody deletes a connection with its numbers while somebody else is refused to delete it without: the refusal
// opens the connection again, and a number that is added then must not be left without it.
test('deleteConnection() does not end a connection that was opened again meanwhile', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { services } = world
  const { connectionId: id } = await world.number()
  const draft = { connectionId: id, upstreamId: '2', label: null }
  let added = ''
  const deleting = deleteConnection(
    {
      ...services,
      ledger: {
        ...ledger,
        async list(query) {
          const page = await ledger.list<never>(query)
          const refused = deleteConnection(services, BY, { id, cascade: false })
          await expect(refused).rejects.toMatchObject({ code: 'conflict' })
          added = (await createNumber(services, BY, draft)).id
          return page
        },
      },
    },
    BY,
    { id, cascade: true },
  )
  await expect(deleting).rejects.toMatchObject({ code: 'conflict', retryable: true })
  expect((await readNumber(services, added)).state.connectionId).toBe(id)
  expect((await readConnection(services, id)).closing).toBe(false)
  await ledger.close()
})

// A client that gives up waiting asks again: of two deletions side by side each finds numbers gone that it has listed.
test('deleteConnection() twice at once deletes the connection', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const { services } = world
  const { connectionId: id } = await world.number()
  for (const upstreamId of ['2', '3', '4']) {
    await createNumber(services, BY, { connectionId: id, upstreamId, label: null })
  }
  const deleting = [1, 2].map(() => deleteConnection(services, BY, { id, cascade: true }))
  const outcomes = await Promise.allSettled(deleting)
  expect(outcomes.map(({ status }) => status)).toContain('fulfilled')
  await expect(readConnection(services, id)).rejects.toMatchObject({ code: 'not_found' })
  await ledger.close()
})
