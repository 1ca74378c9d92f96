import { beforeAll, describe, expect, test } from 'vitest'
import { readLimbo } from './cases.ts'
import { WRONGLY_REJECTED } from './known.ts'
import { lineOf, type LimboScore, scoreLimbo } from './score.ts'

/** When the cases that name no time were judged first; their certificates outlive us all. */
const NOW = Date.UTC(2026, 10, 21)

/** Judges the cases of a file of x509-limbo; `text` is null where the file is not there. */
export function limboSuite(text: string | null): void {
  describe.skipIf(text === null)('validatePath() on x509-limbo (needs the outside vectors)', () => {
    let score: LimboScore = { right: 0, wrong: [] }
    const ids = new Set<string>()

    beforeAll(async () => {
      const cases = readLimbo(text ?? '')
      for (const { id } of cases) ids.add(id)
      score = await scoreLimbo(cases, NOW)
    })

    test('accepts no path that is to be rejected', () => {
      expect(score.wrong.filter(({ isAccepted }) => isAccepted).map(lineOf)).toEqual([])
    })

    test('rejects those that are written down with a reason, and no other', () => {
      const rejected = score.wrong.filter(({ isAccepted }) => !isAccepted).map(({ id }) => id)
      const known = [...WRONGLY_REJECTED.keys()].filter((id) => ids.has(id))
      expect(rejected.toSorted()).toEqual(known.toSorted())
    })

    test('judges all others as the suite expects', () => {
      expect(score.right + score.wrong.length).toBe(ids.size)
      expect(score.right).toBeGreaterThan(0)
    })
  })
}
