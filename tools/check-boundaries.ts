/**
 * Keeps the arrows of ARCHITECTURE.md pointing down: who may import whom, who may touch the outside world. What the
 * linter cannot say is said here; each rule has a test that shows it failing.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkCycles } from './boundaries/cycles.ts'
import { checkExceptions } from './boundaries/exceptions.ts'
import { checkGlobals, type GlobalRule } from './boundaries/globals.ts'
import {
  checkLength,
  checkMessages,
  checkProviderIds,
  checkSkips,
  checkZod,
} from './boundaries/house.ts'
import { checkImports, type ImportTable } from './boundaries/imports.ts'
import { type Source, withSources } from './boundaries/source.ts'
import { format, type Violation } from './boundaries/violation.ts'

export const IMPORTS: ImportTable = {
  'packages/core': ['zod'],
  // WebCrypto has neither triple DES nor MD5, nor a digest without a thread of its own.
  'packages/crypto': ['@latchkey/core', 'jose', 'node:crypto'],
  'packages/x509': [
    '@latchkey/core',
    '@latchkey/crypto',
    '@latchkey/crypto/private-key',
    '@peculiar/*',
    'reflect-metadata',
  ],
  'packages/platform': ['@latchkey/core'],
  'packages/http': ['@latchkey/core'],
  // Sockets look up and check an address themselves, which `fetch` cannot.
  'packages/http/src/transport': ['@latchkey/core', 'node:*', 'undici'],
  'packages/providers': ['@latchkey/core', '@latchkey/http', '@latchkey/crypto', 'zod'],
  'packages/ledger': ['@latchkey/core', 'node:crypto'],
  'packages/ledger/src/postgres': ['@latchkey/core', 'node:crypto', 'postgres'],
  'packages/ledger/src/sqlite': [
    '@latchkey/core',
    'node:fs',
    'node:path',
    'node:process',
    'node:sqlite',
  ],
  'packages/ledger/src/durable-object': ['@latchkey/core', 'cloudflare:workers'],
  'packages/api': [
    '@latchkey/core',
    '@latchkey/core/certificates',
    '@latchkey/core/deliveries',
    '@latchkey/core/keyring',
    '@latchkey/core/notices',
    '@latchkey/core/rotation',
    '@latchkey/core/triggers',
    '@latchkey/crypto',
    '@latchkey/crypto/private-key',
    'hono',
    'hono/*',
    'jose',
    'zod',
  ],
  'packages/sandbox': [
    '@latchkey/core',
    '@latchkey/providers/fixtures',
    '@hono/node-server',
    '@hono/node-server/*',
    'hono',
    'hono/*',
    'node:*',
  ],
  apps: ['@latchkey/*', 'hono', 'hono/*', 'jose', 'node:*', 'zod'],
  'apps/worker/src': ['@latchkey/*', 'cloudflare:workers'],
  'apps/worker/build': ['rolldown', 'rolldown/*', 'node:*'],
  tests: [
    '@cloudflare/vitest-plugin',
    '@vitest/expect',
    'hono',
    'hono/*',
    'jose',
    'pkijs',
    'standardwebhooks',
    'vitest/*',
    'zod',
  ],
  tools: ['typescript/*'],
}

/** Tests, their suites and tools, wherever they are. */
export const TEST_IMPORTS = ['@latchkey/*', 'cloudflare:*', 'fast-check', 'node:*', 'vitest']

export const GLOBALS: readonly GlobalRule[] = [
  {
    rule: 'fetch',
    names: ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', '= globalThis'],
    folders: ['packages', 'apps'],
    // A local start asks its own child processes whether they are up.
    except: ['packages/http', 'packages/sandbox/src/control', 'apps/worker/local'],
    why: 'packages/http alone calls out, where the host policy is',
  },
  {
    rule: 'purity',
    names: [
      'Date()',
      'Date.now',
      'new Date()',
      'Math.random',
      'setTimeout',
      'setInterval',
      'process',
      'Deno',
      'Buffer',
      'console',
      'performance',
      'globalThis',
    ],
    folders: ['packages/core', 'packages/providers'],
    why: 'clock, randomness and the outside are handed in',
  },
  {
    rule: 'purity',
    names: ['crypto'],
    folders: ['packages/core'],
    why: 'keys and digests are what ports and packages/crypto are for',
  },
  {
    rule: 'env',
    names: ['process.env', 'Deno.env', '= process', '= Deno'],
    folders: ['packages'],
    why: 'settings are read in apps and handed in',
  },
]

export const PROVIDER_IDS = ['graph', 'onprem', 'kaleyra', 'pbx']

export const ID_FREE = [
  'packages/core',
  'packages/api',
  'packages/ledger',
  'packages/http',
  'packages/crypto',
  'packages/platform',
  'packages/x509',
]

export const checkAll = (sources: readonly Source[]): readonly Violation[] => [
  ...checkImports(sources, IMPORTS, TEST_IMPORTS),
  ...checkCycles(sources),
  ...checkGlobals(sources, GLOBALS),
  ...checkProviderIds(sources, PROVIDER_IDS, ID_FREE),
  ...checkLength(sources),
  ...checkMessages(sources),
  ...checkSkips(sources),
  ...checkZod(sources),
  ...checkExceptions(sources),
]

function main(): void {
  const root = fileURLToPath(new URL('../', import.meta.url))
  const paths = globSync('{packages,apps,tests,tools}/**/*.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist' || name === '.wrangler',
  }).toSorted()
  const files = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  const violations = withSources(files, checkAll)
  for (const violation of violations) console.error(format(violation))
  console.log(`${files.size} files, ${violations.length} violations`)
  if (violations.length > 0) process.exitCode = 1
}

if (import.meta.main) main()
