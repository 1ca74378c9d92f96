import { describe, expect, test } from 'vitest'
import { type BundleRules, inspectBundle } from './inspect.ts'
import type { BuiltModule, Manifest } from './manifest.ts'
import { RULES } from './rules.ts'

const PNPM = 'node_modules/.pnpm'
const SMALL: BundleRules = { ...RULES, maxEagerBytes: 100, maxTotalBytes: 200 }

type Modules = Readonly<Record<string, Partial<BuiltModule>>>

const manifestOf = (modules: Modules): Manifest =>
  new Map(
    Object.entries(modules).map(([name, { imports = [], lazyImports = [], sources = [] }]) => [
      name,
      { imports, lazyImports, sources },
    ]),
  )

const complaintsAbout = (modules: Modules, bytes = 10) => {
  const uploaded = new Map(Object.keys(modules).map((name) => [name, bytes]))
  return inspectBundle(manifestOf(modules), uploaded, SMALL).complaints
}

describe('inspectBundle()', () => {
  test('takes what is small and free of the forbidden', () => {
    const worker = {
      imports: ['node:crypto'],
      sources: ['apps/worker/src/worker.ts', `${PNPM}/zod@4/node_modules/zod/index.js`],
    }
    expect(complaintsAbout({ 'worker.js': worker })).toEqual([])
  })

  // Deno and Node have it, so that no other test would tell.
  test.each(['imports', 'lazyImports'] as const)(
    'refuses a built-in module that workerd may lack, among %s of any module',
    (how) => {
      const modules = { 'worker.js': {}, 'late.js': { [how]: ['node:http2', 'worker.js'] } }
      expect(complaintsAbout(modules)).toEqual([
        'late.js asks for node:http2, which workerd may lack',
      ])
    },
  )

  test.each([
    ['packages/x509/', 'packages/x509/src/index.ts'],
    ['@peculiar/', `${PNPM}/@peculiar+asn1-schema@2/node_modules/@peculiar/asn1-schema/index.js`],
    ['reflect-metadata', `${PNPM}/reflect-metadata@0/node_modules/reflect-metadata/Reflect.js`],
    ['tsyringe', `${PNPM}/tsyringe@4/node_modules/tsyringe/dist/index.js`],
    ['packages/crypto/src/private-key/import.ts', 'packages/crypto/src/private-key/import.ts'],
    [
      'packages/crypto/src/private-key/encryption/',
      'packages/crypto/src/private-key/encryption/lock.ts',
    ],
    ['packages/api/src/openapi/', 'packages/api/src/openapi/document.ts'],
    ['packages/api/src/pages/', 'packages/api/src/pages/landing.ts'],
    ['packages/api/src/auth/jwt.ts', 'packages/api/src/auth/jwt.ts'],
    ['packages/crypto/src/signer.ts', 'packages/crypto/src/signer.ts'],
  ])('refuses %s in the entry, and in what is loaded with it', (name, source) => {
    expect(complaintsAbout({ 'worker.js': { sources: [source] } })).toEqual([
      `'${name}' is eager, in worker.js: ${source}`,
    ])
    const modules = {
      'worker.js': { imports: ['shared.js'] },
      'shared.js': { imports: ['worker.js', 'deep.js'] },
      'deep.js': { sources: [source] },
    }
    expect(complaintsAbout(modules)).toEqual([`'${name}' is eager, in deep.js: ${source}`])
  })

  test.each([
    ['packages/api/src/routes/', 'rotations.ts'],
    ['packages/api/src/schemas/', 'trigger.ts'],
    ['packages/core/src/operations/', 'key/settle.ts'],
    ['packages/providers/src/', 'graph/schema.ts'],
  ])('refuses of %s what is not known to be needed at once, such as %s', (folder, file) => {
    const sources = ['packages/api/src/routes/health.ts', folder + file]
    expect(complaintsAbout({ 'worker.js': { sources } })).toEqual([
      `${folder}${file} is eager, in worker.js: of ${folder} few files may be`,
    ])
  })

  test('takes what is loaded later for neither forbidden nor eager', () => {
    const manifest = manifestOf({
      'worker.js': {},
      'x509.js': { imports: ['worker.js'], sources: ['packages/x509/src/index.ts'] },
    })
    const uploaded = new Map([
      ['worker.js', 100],
      ['x509.js', 60],
    ])
    expect(inspectBundle(manifest, uploaded, SMALL)).toEqual({
      eager: new Map([['worker.js', 100]]),
      lazy: new Map([['x509.js', 60]]),
      complaints: [],
    })
  })

  test('refuses one byte too many that is eager', () => {
    const modules = { 'worker.js': { imports: ['shared.js'] }, 'shared.js': {} }
    expect(complaintsAbout(modules, 50)).toEqual([])
    expect(complaintsAbout(modules, 51)).toEqual([
      'the eager part has 102 bytes after gzip, at most 100',
    ])
  })

  test('refuses one byte too many in all', () => {
    const modules = { 'worker.js': {}, 'x509.js': {}, 'docs.js': {} }
    expect(complaintsAbout(modules, 66)).toEqual([])
    expect(complaintsAbout(modules, 67)).toEqual([
      'the upload has 201 bytes after gzip, at most 200',
    ])
  })

  test('refuses an upload that lacks a module, and one with a module that was not built', () => {
    const manifest = manifestOf({ 'worker.js': {}, 'x509.js': {} })
    const uploaded = new Map([
      ['worker.js', 1],
      ['old.js', 1],
    ])
    expect(inspectBundle(manifest, uploaded, SMALL).complaints).toEqual([
      'x509.js is built and not uploaded',
      'old.js is uploaded and not built',
    ])
  })

  test('refuses a bundle without its entry', () => {
    expect(inspectBundle(manifestOf({}), new Map(), SMALL).complaints).toEqual([
      'worker.js is not built',
    ])
  })
})
