/**
 * Runs the tests on Deno and writes their results as the other two runners do: `deno test` alone knows neither
 * vitest's API nor which files are for it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { FILES_AT_ONCE } from '../files-at-once.ts'
import { longFirst } from '../long-files.ts'
import { writeResults } from '../results.ts'
import { collect } from './collect.ts'

const FLAGS = ['--no-check', '--no-lock', '--node-modules-dir=manual', '-A', '--parallel']

const root = fileURLToPath(new URL('../../../', import.meta.url))

const found = globSync('{packages,apps,tests}/**/*.test.ts', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name.endsWith('.workerd.test.ts'),
})
const files = new Map(
  longFirst(found.toSorted(), (file) => file).map((file) => [
    pathToFileURL(join(root, file)).href,
    file,
  ]),
)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-deno-'))
try {
  const config = join(root, 'tests/runners/deno/deno.json')
  const deno = spawn('deno', ['test', ...FLAGS, '--config', config, ...files.values()], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      DENO_JOBS: String(FILES_AT_ONCE),
      DENO_NO_UPDATE_CHECK: '1',
      TEST_TRAIL: folder,
    },
  })
  await once(deno, 'close')
  const trails = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const results = collect(files, trails, deno.exitCode)
  writeResults(root, results)
  const failed = results.tests.filter((test) => test.status === 'failed').length
  if (deno.exitCode !== 0 || failed + results.errors.length > 0 || results.tests.length === 0) {
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
