import type { LimboCase } from './cases.ts'
import { judgeCase, type Verdict } from './judge.ts'

export interface LimboScore {
  readonly right: number
  readonly wrong: readonly Verdict[]
}

export async function scoreLimbo(cases: readonly LimboCase[], now: number): Promise<LimboScore> {
  const wrong: Verdict[] = []
  for (const limboCase of cases) {
    const verdict = await judgeCase(limboCase, now)
    if (!verdict.isExpected) wrong.push(verdict)
  }
  return { right: cases.length - wrong.length, wrong }
}

export function summaryOf({ right, wrong }: LimboScore): string {
  const accepted = wrong.filter(({ isAccepted }) => isAccepted).length
  const rejected = wrong.length - accepted
  return `limbo: ${right} right, ${accepted} wrongly accepted, ${rejected} wrongly rejected`
}

/** A wrong verdict in one line. */
export function lineOf({ id, isAccepted, reasons }: Verdict): string {
  return isAccepted ? `wrongly accepted: ${id}` : `wrongly rejected: ${id} (${reasons.join(', ')})`
}
