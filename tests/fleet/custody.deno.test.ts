import { test } from 'vitest'
import { fleetSeed, storyCount } from './chance.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { tellStories } from './stories.ts'

const STORIES = 2_000
const TIMEOUT_MS = 600_000

test(
  'no upstream ever has a key whose private half SQLite does not keep',
  () => tellStories(sqliteStorage, { stories: storyCount(STORIES), seed: fleetSeed() }),
  TIMEOUT_MS,
)
