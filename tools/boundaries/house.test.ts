import { describe, expect, test } from 'vitest'
import { PROVIDER_IDS } from '../check-boundaries.ts'
import { complaintsAbout } from './testing.ts'

describe('checkLength()', () => {
  test('takes 350 lines and not 351, of tests too', () => {
    const files = {
      'packages/core/src/a.ts': '// line\n'.repeat(350),
      'tests/b.test.ts': '// line\n'.repeat(351),
    }
    expect(complaintsAbout(files)).toEqual([expect.stringContaining('length tests/b.test.ts:351')])
  })
})

describe('checkProviderIds()', () => {
  test.each(PROVIDER_IDS)('finds %s outside of its folder', (id) => {
    const files = {
      'packages/api/src/a.ts': `const same = (id: string) => id === '${id}'`,
      'packages/core/src/b.ts': `type Known = \`${id}\` | 'other'`,
      'packages/api/src/a.test.ts': `const id = '${id}'`,
      'packages/providers/src/c.ts': `const id = '${id}'`,
      'packages/http/src/d.ts': `const text = 'a ${id} of things'`,
    }
    expect(complaintsAbout(files)).toEqual([
      expect.stringContaining('provider-ids packages/api/src/a.ts:1'),
      expect.stringContaining('provider-ids packages/core/src/b.ts:1'),
    ])
  })
})

describe('checkMessages()', () => {
  test.each([
    [`new Fault('key_invalid', 'cannot import: modulus')`, 'does not start with a capital'],
    [`new Fault('key_invalid', 'Cannot import: modulus.')`, 'ends in a period'],
    ['new Fault(code, `cannot import: ${reason}`)', 'does not start with a capital'],
    ['new Error(`Cannot import: ${reason}.`)', 'ends in a period'],
    [`new TypeError('bad')`, 'does not start with a capital'],
  ])('corrects %s', (text, complaint) => {
    const complaints = complaintsAbout({ 'packages/core/src/a.ts': `throw ${text}` })
    expect(complaints).toEqual([expect.stringMatching(`^messages .*${complaint}$`)])
  })

  test.each([
    `new Fault('key_invalid', 'Cannot import public key: modulus is 1024 bits, expected 2048')`,
    'new Fault(code, `${what} of ${where}`)',
    `new Fault(code, text)`,
    `new GraphError('(#100) The parameter is required.')`,
  ])('takes %s', (text) => {
    expect(complaintsAbout({ 'packages/core/src/a.ts': `throw ${text}` })).toEqual([])
  })
})

describe('checkSkips()', () => {
  test('wants the reason at the end of the title', () => {
    const text = [
      `test.skipIf(!postgres)('claims a task', () => undefined)`,
      `test.skip('claims a task', () => undefined)`,
      `describe.runIf(postgres)('the ledger', () => undefined)`,
      `test.skipIf(!postgres)('claims a task (needs DATABASE_URL)', () => undefined)`,
      `test('claims a task', () => undefined)`,
    ].join('\n')
    expect(complaintsAbout({ 'packages/ledger/src/a.test.ts': text })).toEqual([
      expect.stringContaining('skips packages/ledger/src/a.test.ts:1'),
      expect.stringContaining('skips packages/ledger/src/a.test.ts:2'),
      expect.stringContaining('skips packages/ledger/src/a.test.ts:3'),
    ])
  })
})

describe('checkZod()', () => {
  test.each([`import { z } from 'zod'`, `import z from 'zod'`, `import { object } from 'zod'`])(
    'refuses %s',
    (text) => {
      expect(complaintsAbout({ 'packages/core/src/a.ts': text })).toEqual([
        expect.stringContaining('zod packages/core/src/a.ts:1'),
      ])
    },
  )

  test('takes the namespace', () => {
    const files = { 'packages/core/src/a.ts': `import * as z from 'zod'` }
    expect(complaintsAbout(files)).toEqual([])
  })
})
