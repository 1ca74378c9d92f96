import { judge } from './judge.ts'
import { plainLines } from './render.ts'
import type { Bench, Row, Say } from './row.ts'

/** What of the benchmarks is wanted. */
export interface Wish {
  readonly names: readonly string[]
  /** Whether to fail where a bound is missed, and write nothing. */
  readonly check: boolean
}

/** @throws Error where a benchmark is named that there is not */
export function parseWish(words: readonly string[], known: readonly string[]): Wish {
  const check = words.includes('--check')
  const names = words.filter((word) => word !== '--check')
  const strange = names.filter((name) => !known.includes(name))
  if (strange.length > 0) {
    throw new Error(`Cannot run ${strange.join(', ')}: there are ${known.join(', ')}`)
  }
  return { names: names.length === 0 ? known : known.filter((name) => names.includes(name)), check }
}

/**
 * Runs benchmarks one after the other. One that fails keeps none of the others from being measured.
 * @param keep takes what was measured, unless it is a check
 * @returns the exit code: 1 where one failed, or, on a check, a row misses its bound
 */
export async function runBenches(
  benches: Readonly<Record<string, Bench>>,
  { names, check }: Wish,
  {
    say,
    keep,
  }: { readonly say: Say; readonly keep: (name: string, rows: readonly Row[]) => Promise<void> },
): Promise<0 | 1> {
  const missed: Row[] = []
  let hasFailed = false
  for (const name of names) {
    say(`── ${name}`)
    try {
      const rows = (await benches[name]?.(say)) ?? []
      for (const line of plainLines(rows)) say(line)
      missed.push(...rows.filter((row) => judge(row) === 'missed'))
      if (!check) await keep(name, rows)
    } catch (error) {
      hasFailed = true
      say(`Cannot measure ${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (missed.length > 0) say(`Beyond their bounds: ${missed.map(({ id }) => id).join(', ')}`)
  return hasFailed || (check && missed.length > 0) ? 1 : 0
}
