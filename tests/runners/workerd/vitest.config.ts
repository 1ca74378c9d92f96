import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { FILES_AT_ONCE } from '../files-at-once.ts'
import { LongFirst } from '../vitest-sequencer.ts'
import { resultsReporter } from '../vitest-reporter.ts'

const root = new URL('../../../', import.meta.url).pathname
/** What a test may be told by the environment, which does not get inside by itself. */
const told = Object.entries(process.env).filter(([name]) => name.startsWith('FLEET_'))

export default defineConfig({
  root,
  plugins: [
    cloudflareTest({ wrangler: { configPath: `${root}tests/runners/workerd/wrangler.jsonc` } }),
  ],
  test: {
    name: 'workerd',
    include: ['{packages,apps,tests}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.host.test.ts', '**/*.deno.test.ts'],
    // A forgotten `test.only` would turn all other tests off.
    allowOnly: false,
    env: Object.fromEntries(told),
    globalSetup: [
      `${root}tests/runners/workerd/start-companions.ts`,
      `${root}tests/runners/workerd/serve-vectors.ts`,
    ],
    // One workerd for file after file: to start one takes longer than most tests.
    isolate: false,
    maxWorkers: FILES_AT_ONCE,
    sequence: { sequencer: LongFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', resultsReporter(root, 'workerd')],
  },
})
