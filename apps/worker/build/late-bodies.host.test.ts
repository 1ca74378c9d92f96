import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lateBodies } from './late-bodies.ts'

const ENTRY = `
  export const seen = []
  export const load = () => import('late')
`

interface Entry {
  readonly seen: readonly string[]
  readonly load: () => Promise<{ seen: unknown; next: () => number; default: unknown }>
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-late-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Bundles an entry that loads `late` later. Gives where it is, and what became of `late`. */
async function bundled(name: string, late: string): Promise<{ entry: string; code: string }> {
  const sources = new Map([
    ['entry', ENTRY],
    ['late', late],
  ])
  const dir = join(folder, name)
  const { output } = await build({
    input: 'entry',
    plugins: [
      {
        name: 'sources',
        resolveId: (id) => (sources.has(id) ? id : null),
        load: (id) => sources.get(id) ?? null,
      },
      lateBodies(),
    ],
    experimental: { nativeMagicString: true },
    output: {
      dir,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
      minify: true,
    },
  })
  const code = output.flatMap((file) => (file.fileName === 'late.mjs' ? [file] : []))
  return {
    entry: pathToFileURL(join(dir, 'entry.mjs')).href,
    code: code.map((file) => ('code' in file ? file.code : '')).join(''),
  }
}

test('lateBodies() runs a module when it is loaded, and hands on what it exports', async () => {
  const { entry, code } = await bundled(
    'whole',
    `import { seen } from 'entry'
     export { seen }
     seen.push('late')
     export class Counter { static start = 3 }
     export const twice = (n) => 2 * n
     export function next() { return twice(Counter.start) }
     export default 'it'`,
  )
  expect(code).toMatch(/^import[^;]+;function (\w)\(\)\{.*\}const\{[^}]+\}=\1\(\);export\{/s)
  // It exports what is written above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { seen, load } = (await import(entry)) as Entry
  expect(seen).toEqual([])
  const late = await load()
  expect([late.seen, late.next(), late.default]).toEqual([['late'], 6, 'it'])
})

// Whoever imports it would go on seeing what it was at first.
test('lateBodies() refuses a module that exports what it may set again', async () => {
  const late = 'export let count = 0\nexport const more = () => { count += 1 }'
  await expect(bundled('changing', late)).rejects.toThrow('count may be set again')
})
