import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

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
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: `${root}.results/workerd.json` }]],
  },
})
