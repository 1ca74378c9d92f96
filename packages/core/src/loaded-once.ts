/**
 * Loads something once. `import()` finds what is loaded already, yet takes its turns through the runtime each time. It is
 * the value that is kept: on Workers a promise belongs to the request that made it.
 */
export function loadedOnce<T extends object>(load: () => Promise<T>): () => Promise<T> {
  let loaded: T | null = null
  return async () => (loaded ??= await load())
}
