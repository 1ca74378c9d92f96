import { describe, expect, test } from 'vitest'
import { collect } from './collect.ts'

const MODULE = 'file:///repository/a.test.ts'
const files = new Map([[MODULE, 'a.test.ts']])
const trail = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

describe('collect()', () => {
  test('tells what passed, failed and was skipped', () => {
    const left = trail(
      { module: MODULE },
      { declared: 1, name: 'one', skipped: false },
      { declared: 2, name: 'two', skipped: false },
      { declared: 3, name: 'three (needs a clock)', skipped: true },
      { ended: 1 },
      { ended: 2, error: 'Error: wrong' },
    )
    expect(collect(files, [left], 1)).toEqual({
      runtime: 'deno',
      tests: [
        { file: 'a.test.ts', name: 'one', status: 'passed' },
        { file: 'a.test.ts', name: 'two', status: 'failed', note: 'Error: wrong' },
        { file: 'a.test.ts', name: 'three (needs a clock)', status: 'skipped' },
      ],
      errors: [],
    })
  })

  test('fails a test that did not end, even where the last line is torn', () => {
    const left = trail({ module: MODULE }, { declared: 1, name: 'one', skipped: false })
    const [result] = collect(files, [`${left}{"ended":`], null).tests
    expect(result).toMatchObject({ status: 'failed', note: 'did not finish' })
  })

  test.each([
    ['no trail', []],
    ['no test', [trail({ module: MODULE })]],
  ])('reports a file that left %s', (_, trails) => {
    const { tests, errors } = collect(files, trails, 1)
    expect({ tests, errors }).toEqual({ tests: [], errors: ['a.test.ts: declares no test'] })
  })

  test('does not believe tests against the exit code', () => {
    const left = trail(
      { module: MODULE },
      { declared: 1, name: 'one', skipped: false },
      { ended: 1 },
    )
    expect(collect(files, [left], 0).errors).toEqual([])
    expect(collect(files, [left], 1).errors).toEqual(['deno test ended with 1'])
    expect(collect(files, [left], null).errors).toEqual(['deno test ended with a signal'])
  })
})
