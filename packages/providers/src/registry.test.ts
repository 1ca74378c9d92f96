import { expect, test } from 'vitest'
import { kaleyra } from './kaleyra/index.ts'
import { providers } from './index.ts'
import { createRegistry } from './registry.ts'

test('providers holds each provider under its own id', () => {
  for (const [id, provider] of providers) expect(provider.id).toBe(id)
  expect([...providers.keys()]).toEqual(['graph', 'onprem', 'kaleyra', 'pbx'])
})

// A second provider of one id would be handed the first one's credentials.
test('createRegistry() throws where an id is there twice', () => {
  expect(() => createRegistry([kaleyra, { ...kaleyra }])).toThrow('"kaleyra" is there twice')
})
