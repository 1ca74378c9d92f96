import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '@latchkey/deno/compose'
import { jsonLogger, systemClock } from '@latchkey/platform'
import { providers } from '@latchkey/providers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HARNESS_ENV } from './harness/harness.ts'
import { openApiSchema, operationsOf } from './harness/openapi.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

// A route that somebody mounts past the list would be in no document, under no scope and no suite.
test('createApp() serves the documented routes and no others', async () => {
  const logger = jsonLogger(systemClock, () => undefined)
  const options = { version: 'test', logger, clock: systemClock }
  const { app, queue } = await compose({ ...HARNESS_ENV, LATCHKEY_DATA: folder }, options)
  const answer = await app.request('/openapi.json')
  const documented = operationsOf(openApiSchema.parse(await answer.json())).map(
    ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
  )
  const served = app.routes.map(({ method, path }) => `${method} ${path}`)
  // A dialect answers at its own paths, which its provider's pages describe.
  const dialects = [...providers.values()].flatMap(({ id, hasDialect }) =>
    hasDialect ? [`ALL /${id}/:target/*`] : [],
  )
  const passedByAll = new Set(['ALL /*', ...dialects])
  expect(served.filter((each) => !passedByAll.has(each)).toSorted()).toEqual(documented.toSorted())
  await queue.close()
})
