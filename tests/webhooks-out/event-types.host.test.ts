import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EVENT_TYPES } from '@latchkey/core'
import { providers } from '@latchkey/providers'
import { expect, test } from 'vitest'

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))
const families = new Set(EVENT_TYPES.map((type) => type.split('.')[0]))
const WORDS = /'([a-z_]+)\.([a-z_]+)'/g
/** What a certificate without a name is sent as. */
const FILE = 'certificate.pem'
const RECORDED = /\btype: '([a-z_]+\.[a-z_]+)'/g

/** Every text of the core and the API that reads like the type of an event. */
async function typesInSource(): Promise<ReadonlySet<string>> {
  const types = new Set<string>()
  for (const path of globSync('{core,api}/src/**/*.ts', { cwd: PACKAGES })) {
    if (path.endsWith('.test.ts') || path.includes('/testing/')) continue
    const source = readFileSync(PACKAGES + path, 'utf8')
    for (const [, type = ''] of source.matchAll(RECORDED)) types.add(type)
    for (const [, family = '', name = ''] of source.matchAll(WORDS)) {
      if (families.has(family)) types.add(`${family}.${name}`)
    }
  }
  const registered = await Promise.all([...providers.values()].map((each) => each.load()))
  const operations = registered.flatMap((provider) => provider.operationNames)
  for (const name of [...operations, FILE]) types.delete(name)
  return types
}

// A type that is recorded and not listed could be asked for by nobody; one that is listed and not recorded never comes.
test('endpoints can ask for every type of event that is recorded, and for no other', async () => {
  expect([...(await typesInSource())].toSorted((one, other) => one.localeCompare(other))).toEqual(
    EVENT_TYPES.toSorted((one, other) => one.localeCompare(other)),
  )
})
