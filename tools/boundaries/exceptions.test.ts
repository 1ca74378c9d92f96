import { describe, expect, test } from 'vitest'
import { complaintsAbout } from './testing.ts'

// In two parts: it would be one of this file otherwise.
const directive = ['// oxlint', 'disable'].join('-')

describe('checkExceptions()', () => {
  test.each([
    [`${directive}-next-line no-console`],
    [`\n\n// Reason.\n\n\n\n${directive}-next-line no-console`],
    [`// Reason.\n${directive}`],
    [`// Reason.\n${directive}-next-line`],
    [`// Reason.\n${directive}-next-line no-console, no-var`],
    [`// Reason.\n${directive.replace('//', '/*')} */`],
  ])('refuses %j', (text) => {
    expect(complaintsAbout({ 'packages/core/src/a.ts': text })).toEqual([
      expect.stringContaining('exceptions packages/core/src/a.ts'),
    ])
  })

  test.each([
    [`// Reason.\n${directive}-next-line typescript/no-unsafe-type-assertion`],
    [`/**\n * Reason.\n */\n${directive}-next-line no-console`],
    [`${directive}-next-line no-control-regex -- they are what is looked for`],
  ])('takes %j', (text) => {
    expect(complaintsAbout({ 'packages/core/src/a.ts': text })).toEqual([])
  })
})
