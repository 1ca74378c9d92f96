/**
 * The same function, which remembers what it found for the latest `max` questions; two with the same key are the same
 * question. What it refuses it throws again each time.
 */
export function remembering<Question, Found>(
  find: (question: Question) => Found,
  { max, keyOf }: { readonly max: number; readonly keyOf: (question: Question) => string },
): (question: Question) => Found {
  const found = new Map<string, Found>()
  return (question) => {
    const key = keyOf(question)
    const known = found.get(key)
    if (known !== undefined) return known
    const fresh = find(question)
    const oldest = found.keys().next()
    if (found.size >= max && oldest.done !== true) found.delete(oldest.value)
    found.set(key, fresh)
    return fresh
  }
}
