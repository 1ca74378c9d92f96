import { test } from 'vitest'
import { objectStorage } from './object-storage.ts'
import { fleetSeed } from './seed.ts'
import { tellStories } from './stories.ts'

const STORIES = 2_000
/** A workerd has one thread, and so has what is told in it. */
const PARTS = 4
const TIMEOUT_MS = 1_200_000

/** One part of the stories; whoever runs them side by side has a file for each. */
export function custodyOnObjects(part: 1 | 2 | 3 | 4): void {
  test(
    `no upstream ever has a key whose private half Durable Objects do not keep: part ${part} of ${PARTS}`,
    () => tellStories(async () => objectStorage(), { stories: STORIES / PARTS, seed: fleetSeed() }),
    TIMEOUT_MS,
  )
}
