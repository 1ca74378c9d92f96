import { describe, expect, test } from 'vitest'
import type { Bench } from './row.ts'
import { parseWish, runBenches } from './run.ts'

const bench =
  (id: string, value: number): Bench =>
  async () => [{ id, what: 'Something', value, unit: 'ms', bound: 10, direction: 'at most' }]

const BENCHES = { quick: bench('quick/a', 1), slow: bench('slow/a', 100) }

const broken: Bench = () => Promise.reject(new Error('no such program'))

async function run(benches: Readonly<Record<string, Bench>>, ...words: string[]) {
  const said: string[] = []
  const kept: string[] = []
  const code = await runBenches(benches, parseWish(words, Object.keys(benches)), {
    say: (line) => void said.push(line),
    keep: async (name) => void kept.push(name),
  })
  return { code, said: said.join('\n'), kept }
}

describe('runBenches()', () => {
  test('fails a check where a row is beyond its bound, and keeps nothing', async () => {
    const { code, said, kept } = await run(BENCHES, '--check')
    expect(code).toBe(1)
    expect(said).toContain('Beyond their bounds: slow/a')
    expect(kept).toEqual([])
  })

  test('passes a check where every row holds its bound', async () => {
    expect((await run(BENCHES, '--check', 'quick')).code).toBe(0)
  })

  test('keeps what is beyond its bound too, without failing', async () => {
    const { code, said, kept } = await run(BENCHES)
    expect([code, kept]).toEqual([0, ['quick', 'slow']])
    expect(said).toContain('Beyond their bounds: slow/a')
  })

  test('fails where a benchmark does, and measures the others', async () => {
    const { code, said, kept } = await run({ broken, ...BENCHES })
    expect([code, kept]).toEqual([1, ['quick', 'slow']])
    expect(said).toContain('Cannot measure broken: no such program')
  })
})

describe('parseWish()', () => {
  test('takes all where none is named, in their own order where some are', () => {
    expect(parseWish([], ['a', 'b', 'c']).names).toEqual(['a', 'b', 'c'])
    expect(parseWish(['c', 'a'], ['a', 'b', 'c']).names).toEqual(['a', 'c'])
  })

  test('refuses a name that no benchmark has', () => {
    expect(() => parseWish(['d'], ['a'])).toThrow('Cannot run d: there are a')
  })
})
