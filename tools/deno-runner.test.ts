import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collect } from '../tests/runners/deno/collect.ts'
import type { RunResults } from '../tests/runners/results.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-runner-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What the Deno runner makes of one test file. */
function outcomeOf(text: string): RunResults {
  const file = join(folder, 'a.test.ts')
  const trails = mkdtempSync(join(folder, 'trails-'))
  const api = `import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'`
  writeFileSync(file, `${api}\nvoid [afterAll, beforeAll, beforeEach, describe, expect]\n${text}`)
  const config = join(root, 'tests/runners/deno/deno.json')
  const flags = ['--no-check', '--no-lock', '--node-modules-dir=manual', '-A', '--config', config]
  const { status } = spawnSync('deno', ['test', ...flags, file], {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', TEST_TRAIL: trails },
  })
  return collect(
    new Map([[pathToFileURL(file).href, 'a.test.ts']]),
    readdirSync(trails).map((name) => readFileSync(join(trails, name), 'utf8')),
    status,
  )
}

const statuses = ({ tests }: RunResults) => tests.map(({ name, status }) => `${name}: ${status}`)

describe('the Deno runner', () => {
  test('fails every test of a suite whose beforeAll() fails', () => {
    const results = outcomeOf(`
      describe('suite', () => {
        beforeAll(() => { throw new Error('No database') })
        test('one', () => undefined)
        test('two', () => undefined)
      })
      test('outside', () => undefined)
    `)
    expect(statuses(results)).toEqual([
      'suite > one: failed',
      'suite > two: failed',
      'outside: passed',
    ])
    expect(results.tests[1]?.note).toContain('No database')
  })

  test('fails the test whose beforeEach() fails, and the last one for afterAll()', () => {
    const results = outcomeOf(`
      describe('each', () => {
        beforeEach(() => { throw new Error('No clock') })
        test('one', () => undefined)
      })
      describe('all', () => {
        afterAll(() => { throw new Error('Still open') })
        test('one', () => undefined)
        test('two', () => undefined)
      })
    `)
    expect(statuses(results)).toEqual([
      'each > one: failed',
      'all > one: passed',
      'all > two: failed',
    ])
  })

  test('fails a test that takes too long or breaks its promise of assertions', () => {
    const results = outcomeOf(`
      test('slow', () => new Promise((resolve) => setTimeout(resolve, 5_000)), 20)
      test('silent', () => expect.hasAssertions())
      test('sloppy', () => { expect.assertions(2); expect(1).toBe(1) })
    `)
    expect(statuses(results)).toEqual(['slow: failed', 'silent: failed', 'sloppy: failed'])
    expect(results.tests[0]?.note).toContain('did not end within 20 ms')
  })

  test('fails what runs when an error comes from nowhere', () => {
    const results = outcomeOf(`
      test('one', () => undefined)
      test('two', async () => {
        setTimeout(() => { throw new Error('Late') }, 1)
        await new Promise((resolve) => setTimeout(resolve, 200))
      })
      test('three', () => undefined)
    `)
    expect(statuses(results)).toEqual(['one: passed', 'two: failed', 'three: failed'])
  })

  test.each([
    ['does not load', `throw new Error('At import')`],
    ['has no test', ''],
    ['uses a form that the runner does not have', `test.concurrent('one', () => undefined)`],
  ])('reports a file that %s', (_, text) => {
    expect(outcomeOf(text)).toMatchObject({ tests: [], errors: ['a.test.ts: declares no test'] })
  })

  test('runs nothing of what is skipped', () => {
    const results = outcomeOf(`
      describe.skipIf(true)('suite', () => {
        beforeAll(() => { throw new Error('Not to be run') })
        test('one', () => { throw new Error('Not to be run') })
      })
      test.skip('two', () => { throw new Error('Not to be run') })
    `)
    expect(statuses(results)).toEqual(['suite > one: skipped', 'two: skipped'])
    expect(results.errors).toEqual([])
  })
})
