import type { Fingerprint } from '../public-key.ts'

/** How many of our own former keys are remembered per number. */
const HISTORY_LENGTH = 8

/** The history with one more key that Latchkey sent: from then on it may turn up at the upstream. */
export function remember(
  history: readonly Fingerprint[],
  newest: Fingerprint,
): readonly Fingerprint[] {
  return [newest, ...history.filter((each) => each !== newest)].slice(0, HISTORY_LENGTH)
}
