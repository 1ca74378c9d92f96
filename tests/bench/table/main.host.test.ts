import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const FIXTURE = fileURLToPath(new URL('beyond-bound.fixture.ts', import.meta.url))

describe('main() of benchmarks one of which is beyond its bound', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-results-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const run = (...words: string[]) => {
    const file = pathToFileURL(join(folder, 'RESULTS.md')).href
    return spawnSync('node', [FIXTURE, file, ...words], { encoding: 'utf8' })
  }

  test('ends with 1 on a check, and writes nothing', async () => {
    const { status, stdout, stderr } = run('--check')
    expect(status, stderr).toBe(1)
    expect(stdout).toContain('Beyond their bounds: beyond/a')
    expect(await readdir(folder)).toEqual([])
  })

  test('ends with 0 otherwise, and writes down that it missed its bound', async () => {
    const { status, stderr } = run()
    expect(status, stderr).toBe(0)
    const text = await readFile(join(folder, 'RESULTS.md'), 'utf8')
    expect(text).toMatch(/\| beyond\/a \| Too slow \| 2\.00 s +\| at most 1\.00 s \| missed +\|/)
  })
})
