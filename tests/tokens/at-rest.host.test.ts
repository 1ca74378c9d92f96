import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import { openHostHarness } from '../api/harness/host.ts'
import * as z from 'zod'

const made = z.object({ token: z.string() })

// Whoever reads the database's files, or a copy of them, must not come away with a token that works.
test('no token is in the files, not even in the answer that is kept for a repeat', async () => {
  const api = await openHostHarness()
  const request = {
    json: { name: 'a name to be found', scopes: ['numbers:read'] },
    headers: { 'idempotency-key': 'once' },
  }
  const first = await call(api, 'POST', '/v1/tokens', request)
  const { token } = made.parse(first.json)
  const again = await call(api, 'POST', '/v1/tokens', request)
  expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true'])
  const files = await readdir(api.folder)
  const bytes = await Promise.all(files.map((name) => readFile(join(api.folder, name), 'latin1')))
  const stored = bytes.join('\n')
  expect(stored).toContain('a name to be found')
  for (const secret of [token, token.slice('lk_'.length), api.adminToken]) {
    expect(stored.includes(secret)).toBe(false)
  }
  await api.close()
})
