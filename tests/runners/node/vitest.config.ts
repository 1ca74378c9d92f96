import { defineConfig } from 'vitest/config'
import { FILES_AT_ONCE } from '../files-at-once.ts'
import { LongFirst } from '../vitest-sequencer.ts'
import { resultsReporter } from '../vitest-reporter.ts'

const root = new URL('../../../', import.meta.url).pathname

export default defineConfig({
  root,
  test: {
    name: 'node',
    include: ['{packages,apps,tests,tools}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.workerd.test.ts', '**/*.deno.test.ts'],
    // A forgotten `test.only` would turn all other tests off.
    allowOnly: false,
    // No module keeps anything from one file to the next; to load all of them for each takes longer than most tests.
    isolate: false,
    maxWorkers: FILES_AT_ONCE,
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', resultsReporter(root, 'node')],
  },
})
