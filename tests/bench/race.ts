import { SECOND } from '@latchkey/core'
import { median } from './measure.ts'

/** Work to be done as often as can be. */
export type Work = () => unknown

const ROUNDS = 15
const ROUND_MS = 100

/**
 * How often a second each is done, one after the other: rounds of each in turns, their median. Each is done for two
 * rounds before anything counts.
 */
export async function race<Name extends string>(
  works: Readonly<Record<Name, Work>>,
): Promise<Readonly<Record<Name, number>>> {
  const entries = Object.entries<Work>(works)
  const rates = new Map<string, number[]>(entries.map(([name]) => [name, []]))
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [name, work] of entries) {
      const rate = await rateOf(work)
      if (round >= 0) rates.get(name)?.push(rate)
    }
  }
  // The names are those that were given.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries([...rates].map(([name, all]) => [name, median(all)])) as Record<
    Name,
    number
  >
}

async function rateOf(work: Work): Promise<number> {
  const began = performance.now()
  for (let done = 1; ; done += 1) {
    await work()
    const took = performance.now() - began
    if (took >= ROUND_MS) return (done * SECOND) / took
  }
}
