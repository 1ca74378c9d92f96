import { loadedOnce, type ProviderRegistry, type RegisteredProvider } from '@latchkey/core'

/** The providers by id. @throws Error where two share an id: one would silently take the other's connections */
export function createRegistry(all: readonly RegisteredProvider[]): ProviderRegistry {
  const registry = new Map<string, RegisteredProvider>()
  for (const provider of all) {
    if (registry.has(provider.id)) {
      throw new Error(`Cannot register providers: "${provider.id}" is there twice`)
    }
    registry.set(provider.id, { ...provider, load: loadedOnce(provider.load) })
  }
  return registry
}
