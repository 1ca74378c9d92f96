import { expect, test } from 'vitest'
import { kaleyra } from './kaleyra/index.ts'
import { providers } from './index.ts'
import { createRegistry } from './registry.ts'

test('providers holds each provider under its own id', () => {
  for (const [id, provider] of providers) expect(provider.id).toBe(id)
  expect([...providers.keys()]).toEqual(['graph', 'onprem', 'kaleyra', 'pbx'])
})

// What was checked against one provider's schemas must not be handed to another's code.
test('providers loads for each description the provider that it describes', async () => {
  for (const { load, ...description } of providers.values()) {
    expect(await load()).toMatchObject(description)
  }
})

// A second provider of one id would be handed the first one's credentials.
test('createRegistry() throws where an id is there twice', () => {
  const registered = { ...kaleyra, load: () => Promise.resolve(kaleyra) }
  expect(() => createRegistry([registered, { ...registered }])).toThrow('"kaleyra" is there twice')
})
