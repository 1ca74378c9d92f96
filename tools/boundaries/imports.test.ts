import { describe, expect, test } from 'vitest'
import { complaintsAbout } from './testing.ts'

describe('checkImports()', () => {
  test('takes what the table allows', () => {
    const files = {
      'packages/core/src/a.ts': `import * as z from 'zod'; export * from './b.ts'; z`,
      'packages/core/src/b.ts': `export const b = 1`,
      'packages/http/src/transport/socket.ts': `import { request } from 'node:https'; request`,
      'packages/sandbox/src/x.ts': `import { graph } from '@latchkey/providers/fixtures'; graph`,
      'apps/deno/src/version.ts': `import root from '../../../package.json'; root`,
      'tools/gate.ts': `import { RUNTIMES } from '../tests/runners/results.ts'; RUNTIMES`,
      'tests/runners/results.ts': `export const RUNTIMES = []`,
    }
    expect(complaintsAbout(files)).toEqual([])
  })

  test.each([
    ['packages/core/src/a.ts', `import { Hono } from 'hono'`],
    ['packages/core/src/a.ts', `import type { Ledger } from '@latchkey/ledger'`],
    ['packages/core/src/a.ts', `export { sign } from '@latchkey/crypto'`],
    ['packages/core/src/a.ts', `export * from '@latchkey/http'`],
    ['packages/core/src/a.ts', `const late = import('@latchkey/providers')`],
    ['packages/core/src/a.ts', `type Late = import('@latchkey/api').App`],
    ['packages/core/src/a.ts', `import 'node:crypto'`],
    ['packages/crypto/src/a.ts', `import { X509Certificate } from '@peculiar/x509'`],
    ['packages/api/src/a.ts', `import 'reflect-metadata'`],
    ['packages/api/src/a.ts', `import { graph } from '@latchkey/providers'`],
    ['packages/providers/src/a.ts', `import { Hono } from 'hono'`],
    ['packages/http/src/policy/a.ts', `import { lookup } from 'node:dns'`],
    ['packages/ledger/src/sql/a.ts', `import { DatabaseSync } from 'node:sqlite'`],
    ['packages/sandbox/src/a.ts', `import { registry } from '@latchkey/providers'`],
    ['apps/worker/src/worker.ts', `import { readFileSync } from 'node:fs'`],
    ['apps/deno/src/main.ts', `import '@peculiar/x509'`],
  ])('refuses in %s: %s', (path, text) => {
    const complaints = complaintsAbout({ [path]: text })
    expect(complaints).toEqual([expect.stringContaining(`imports ${path}:1 `)])
    expect(complaints[0]).toContain('may import')
  })

  test('names the line', () => {
    const text = `// import 'hono'\nconst text = "import 'hono'"\n\nimport { Hono } from 'hono'\n`
    expect(complaintsAbout({ 'packages/core/src/a.ts': text })).toEqual([
      expect.stringContaining('packages/core/src/a.ts:4'),
    ])
  })

  test('refuses a relative path into another package', () => {
    const files = { 'packages/api/src/a.ts': `import { Fault } from '../../core/src/fault.ts'` }
    expect(complaintsAbout(files)).toEqual([
      expect.stringContaining('reaches into another package'),
    ])
  })

  test('refuses a relative import without extension', () => {
    const files = { 'packages/api/src/a.ts': `import { b } from './b'` }
    expect(complaintsAbout(files)).toEqual([expect.stringContaining('carry .ts')])
  })

  test('refuses a folder that the table does not know', () => {
    const files = { 'packages/surprise/src/a.ts': `import { Fault } from '@latchkey/core'` }
    expect(complaintsAbout(files)).toEqual([expect.stringContaining('does not know')])
  })

  test('lets tests and their support reach further', () => {
    const text = `import '@latchkey/api'; import 'node:fs'; import { test } from 'vitest'; test`
    const paths = ['src/a.test.ts', 'src/a.host.test.ts', 'src/testing/b.ts', 'src/suite.ts']
    const files = paths.map((path) => [`packages/core/${path}`, text] as const)
    expect(complaintsAbout(Object.fromEntries(files))).toEqual([])
  })

  test.each([`import './testing/clock.ts'`, `import '@latchkey/core/testing'`])(
    'refuses support for tests in a source: %s',
    (text) => {
      const files = { 'packages/crypto/src/a.ts': text }
      expect(complaintsAbout(files)).toEqual([expect.stringContaining('is for tests')])
    },
  )
})

describe('checkCycles()', () => {
  test('takes a diamond', () => {
    const files = {
      'packages/core/src/a.ts': `import './b.ts'; import './c.ts'`,
      'packages/core/src/b.ts': `import './d.ts'`,
      'packages/core/src/c.ts': `import './d.ts'`,
      'packages/core/src/d.ts': `export const d = 1`,
    }
    expect(complaintsAbout(files)).toEqual([])
  })

  test('names the circle and the line that closes it', () => {
    const files = {
      'packages/core/src/a.ts': `import './b.ts'`,
      'packages/core/src/b.ts': `import './c/c.ts'`,
      'packages/core/src/c/c.ts': `\nimport '../a.ts'`,
    }
    const circle = ['a.ts', 'b.ts', 'c/c.ts', 'a.ts'].map((file) => `packages/core/src/${file}`)
    expect(complaintsAbout(files)).toEqual([
      `cycles packages/core/src/c/c.ts:2 closes a circle: ${circle.join(' → ')}`,
    ])
  })

  test('sees a file that imports itself', () => {
    const files = { 'packages/core/src/a.ts': `import './a.ts'` }
    expect(complaintsAbout(files)).toEqual([expect.stringContaining('closes a circle')])
  })
})
