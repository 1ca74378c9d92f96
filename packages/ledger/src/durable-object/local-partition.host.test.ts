import { expect, test } from 'vitest'
import { encodeChange } from '../sql/change.ts'
import { openDatabase } from '../sqlite/database.ts'
import { NOW, tokenKey } from '../suite/samples.ts'
import { localQueue } from './local-partition.ts'
import { PartitionStore } from './partition-store.ts'

const HOOKS = { onWrite: () => undefined, onVersion: () => undefined, report: () => undefined }

test('localQueue() gives out nothing once its turn is over, and still takes what is done', async () => {
  const db = openDatabase(':memory:')
  const store = new PartitionStore(db, 'registry', HOOKS)
  for (const n of [1, 2]) {
    const tasks = [{ name: 'settle', due: NOW }]
    store.commit(tokenKey(n), 0, encodeChange(tokenKey(n), { result: null, tasks }))
  }
  const now = Date.now()
  const [task] = await localQueue(store, now + 60_000).claim(NOW, 1, 1)
  const over = localQueue(store, now - 1)
  expect(await over.claim(NOW, 10, 1)).toEqual([])
  expect(task).toMatchObject({ subject: tokenKey(1) })
  if (task !== undefined) expect(await over.finish(task)).toBe(true)
  expect(await over.nextDue()).toBe(NOW)
  db.close()
})
