import { defineConfig } from 'vitest/config'
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
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', resultsReporter(root, 'node')],
  },
})
