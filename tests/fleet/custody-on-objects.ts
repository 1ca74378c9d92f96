import { test } from 'vitest'
import { objectStorage } from './object-storage.ts'
import { fleetSeed, storyCount } from './chance.ts'
import { tellStories } from './stories.ts'

/** On objects a story takes ten times as long as on a file, most of it in calls between them. */
const STORIES = 500
/** A workerd has one thread: each part has a file, and so a workerd, of its own. */
const PARTS = 2
const STORY_TIMEOUT_MS = 5_000

export function custodyOnObjects(part: 1 | 2): void {
  const stories = Math.ceil(storyCount(STORIES) / PARTS)
  test(
    `no upstream ever has a key whose private half Durable Objects do not keep: part ${part} of ${PARTS}`,
    () => tellStories(async () => objectStorage(), { stories, seed: fleetSeed() }),
    stories * STORY_TIMEOUT_MS,
  )
}
