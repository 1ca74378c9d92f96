import { test } from 'vitest'
import { hasPrograms, walk } from './walk.ts'

const TIMEOUT_MS = 120_000

test.skipIf(!hasPrograms('openssl'))(
  'each command of the page on rotating keys prints what it says there (needs bash, curl and openssl)',
  () => walk('rotating-keys.md'),
  TIMEOUT_MS,
)
