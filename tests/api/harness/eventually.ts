import { systemClock } from '@latchkey/platform'

const TRIES = 100
const PAUSE_MS = 50

/** Asks until the answer passes: for what happens behind an answer, where nothing tells that it has. */
export async function eventually<T>(
  ask: () => Promise<T>,
  passes: (answer: T) => boolean,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask()
    if (passes(answer) || tried === TRIES) return answer
    await systemClock.sleep(PAUSE_MS)
  }
}
