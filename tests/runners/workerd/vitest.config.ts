import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { resultsReporter } from '../vitest-reporter.ts'

const root = new URL('../../../', import.meta.url).pathname

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
    globalSetup: [
      `${root}tests/runners/workerd/start-sandbox.ts`,
      `${root}tests/runners/workerd/start-issuers.ts`,
      `${root}tests/runners/workerd/start-receivers.ts`,
      `${root}tests/runners/workerd/serve-vectors.ts`,
    ],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', resultsReporter(root, 'workerd')],
  },
})
