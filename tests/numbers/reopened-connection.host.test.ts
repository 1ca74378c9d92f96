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
          if (query.kind !== 'number') return page
          if (page.items.length > 0) {
            const refused = deleteConnection(services, BY, { id, cascade: false })
            await expect(refused).rejects.toMatchObject({ code: 'conflict' })
          } else added = (await createNumber(services, BY, draft)).id
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
