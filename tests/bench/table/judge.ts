import type { Row } from './row.ts'

/** `told`: there is nothing that it has to be. */
export type Verdict = 'held' | 'missed' | 'told'

/** What could not be measured, and so is no number, holds no bound. */
export function judge({ value, bound, direction }: Row): Verdict {
  if (bound === null) return 'told'
  const isHeld = direction === 'at least' ? value >= bound : value <= bound
  return isHeld ? 'held' : 'missed'
}
