import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { call } from '../api/harness/client.ts'
import { makeSubject, receivedBy, rename } from '../api/harness/endpoints.ts'
import { openHostHarness } from '../api/harness/host.ts'
import { newReceiver } from '../api/harness/receiver-control.ts'

const made = z.object({ id: z.string(), secret: z.string() })

// Whoever reads the database's files, or a copy of them, must not be able to sign as we do.
test('no secret of an endpoint is in the files or the log, not even in answers kept for a repeat', async () => {
  const api = await openHostHarness()
  const receiver = newReceiver(api.receiversUrl)
  const headers = { 'idempotency-key': 'once' }
  const request = { json: { url: receiver.url, events: ['connection.updated'] }, headers }
  const first = await call(api, 'POST', '/v1/webhook-endpoints', request)
  const { id, secret } = made.parse(first.json)
  const path = `/v1/webhook-endpoints/${id}/rotate-secret`
  const rotated = made.parse((await call(api, 'POST', path, { headers })).json)
  await rename(api, await makeSubject(api), 'a name to be found')
  await receivedBy(api, receiver, 1)
  const files = await readdir(api.folder)
  const bytes = await Promise.all(files.map((name) => readFile(join(api.folder, name), 'latin1')))
  const everything = [...bytes, ...api.logs()].join('\n')
  expect(everything).toContain('a name to be found')
  for (const each of [secret, rotated.secret]) {
    expect(everything.includes(each.slice('whsec_'.length))).toBe(false)
  }
  await api.close()
})
