/** Lets those who want the same thing have it one after the other, in the order in which they came. */
export function turns(): <T>(key: string, body: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<void>>()
  return async (key, body) => {
    const before = last.get(key)
    const { promise, resolve } = Promise.withResolvers<void>()
    last.set(key, promise)
    try {
      await before
      return await body()
    } finally {
      resolve()
      if (last.get(key) === promise) last.delete(key)
    }
  }
}
