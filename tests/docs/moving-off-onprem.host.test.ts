import { test } from 'vitest'
import { hasPrograms, walk } from './walk.ts'

const TIMEOUT_MS = 60_000

test.skipIf(!hasPrograms())(
  'each command of the page on moving off the On-Premises API prints what it says there (needs bash and curl)',
  () => walk('moving-off-onprem.md'),
  TIMEOUT_MS,
)
