import type { Row } from './row.ts'

/** `told`: there is nothing that it has to be. `short`: it holds its bound, and falls short of its aim. */
export type Verdict = 'held' | 'short' | 'missed' | 'told'

/** What could not be measured, and so is no number, holds no bound. */
export function judge({ value, bound, aim, direction }: Row): Verdict {
  if (bound === null) return 'told'
  const reaches = (mark: number) => (direction === 'at least' ? value >= mark : value <= mark)
  if (!reaches(bound)) return 'missed'
  return reaches(aim ?? bound) ? 'held' : 'short'
}
