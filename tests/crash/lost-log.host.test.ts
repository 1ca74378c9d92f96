import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { startServer } from '../support/server.ts'

const REQUESTS = 3

test('a server whose log nobody takes any more goes on serving', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-log-'))
  const server = startServer({ ...HARNESS_ENV, LATCHKEY_DATA: folder, PORT: '0' })
  const url = await server.url()
  server.child.stdout?.destroy()
  const statuses: number[] = []
  for (let made = 0; made < REQUESTS; made += 1) {
    const response = await fetch(`${url}/readyz`)
    await response.body?.cancel()
    statuses.push(response.status)
  }
  server.child.kill('SIGTERM')
  await once(server.child, 'exit')
  await rm(folder, { recursive: true, force: true })
  expect(statuses).toEqual(Array.from({ length: REQUESTS }, () => 200))
})
