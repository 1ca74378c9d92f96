/** Random values that are the same for the same seed, so that what fails can be run again. */
export interface Generator {
  below(limit: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Any JSON value, nested at most `depth` deep, made of the words and of odd scalars. */
  value(depth: number): unknown
}

const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  190,
  1005,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  'true',
  '\uD800',
  '\u0000\r\n',
  '😀'.repeat(400),
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
]

export function createGenerator(seed: number, words: readonly string[]): Generator {
  let state = seed
  // Mulberry32: 32 bits of state are enough for test data.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('Cannot pick: nothing to pick from')
    return item
  }
  const value = (depth: number): unknown => {
    const kind = depth === 0 ? 0 : below(4)
    if (kind === 0) return next() < 0.5 ? pick(words) : SCALARS[below(SCALARS.length)]
    const length = below(5)
    if (kind === 1) return Array.from({ length }, () => value(depth - 1))
    return Object.fromEntries(Array.from({ length }, () => [pick(words), value(depth - 1)]))
  }
  return { below, chance: (probability) => next() < probability, pick, value }
}
