import { test } from 'vitest'
import { fleetSeed, storyCount } from './chance.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { tellStories } from './stories.ts'

const STORIES = storyCount(2_000)
const STORY_TIMEOUT_MS = 500

test(
  'no upstream ever has a key whose private half SQLite does not keep',
  () => tellStories(sqliteStorage, { stories: STORIES, seed: fleetSeed() }),
  STORIES * STORY_TIMEOUT_MS,
)
