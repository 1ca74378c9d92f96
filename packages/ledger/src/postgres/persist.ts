import { isFault } from '@latchkey/core'
import { faultOf, isPassing } from './failure.ts'

/** How long a caller is kept waiting for a database that restarts. */
const PATIENCE_MS = 3_000
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 1_000

/** Full jitter: hosts that met once are spread over a time that doubles. */
export function pause(attempt: number): Promise<void> {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS)
  return new Promise((resolve) => setTimeout(resolve, Math.random() * most))
}

/**
 * Asks what may be asked twice, again and again for some seconds while the database is away or others are in the way.
 *
 * @throws Fault internal where it stays away, and for everything else that it refuses
 */
export async function persist<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (isFault(error)) throw error
      if (performance.now() > end || !isPassing(error)) throw faultOf(error)
    }
    await pause(attempt)
  }
}
