import { defineConfig } from 'vitest/config'

const root = new URL('../../../', import.meta.url).pathname

export default defineConfig({
  root,
  test: {
    name: 'node',
    include: ['{packages,apps,tests,tools}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.workerd.test.ts', '**/*.deno.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: `${root}.results/node.json` }]],
  },
})
