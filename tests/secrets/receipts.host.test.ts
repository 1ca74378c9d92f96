import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { call, connectionTo } from '../api/harness/client.ts'
import { openHostHarness } from '../api/harness/host.ts'

// Whoever has a copy of the database knows the form of a request that made a connection: with a digest of its body
// alone, all passwords that people think of could be tried against it, far from here.
test('what is kept of a request cannot be told from its body alone', async () => {
  const api = await openHostHarness()
  const json = connectionTo(api, 'onprem')
  for (const key of ['one', 'other']) {
    const sent = await call(api, 'POST', '/v1/connections', {
      json,
      headers: { 'idempotency-key': key },
    })
    expect(sent.status, sent.text).toBe(201)
  }
  const file = readdirSync(api.folder).find((name) => name.endsWith('.db')) ?? ''
  const db = new DatabaseSync(join(api.folder, file), { readOnly: true })
  const digests = db.prepare('SELECT digest FROM receipts').all()
  db.close()
  expect(digests).toHaveLength(2)
  expect(digests[0]).not.toEqual(digests[1])
  await api.close()
})
