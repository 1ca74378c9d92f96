import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { call } from '../api/harness/client.ts'
import { openHostHarness } from '../api/harness/host.ts'

test('the log tells the code and the place of what storage that breaks does to a request', async () => {
  const api = await openHostHarness()
  try {
    const db = new DatabaseSync(join(api.folder, 'latchkey.db'))
    db.exec('DROP TABLE events')
    db.close()
    const got = await call(api, 'GET', '/v1/events')
    expect([got.status, got.json]).toMatchObject([500, { code: 'internal' }])
    const [failure, request] = api
      .logs()
      .slice(-2)
      .map((line): unknown => JSON.parse(line))
    expect(failure).toMatchObject({ level: 'error', code: 'internal', error: 'Fault' })
    expect(failure).toMatchObject({ at: expect.stringContaining('.ts') })
    expect(request).toMatchObject({ level: 'warn', status: 500, code: 'internal' })

    await call(api, 'GET', '/v1/numbers/num_unknown')
    expect(JSON.parse(api.logs().at(-1) ?? '')).toMatchObject({ code: 'not_found' })
  } finally {
    await api.close()
  }
})
