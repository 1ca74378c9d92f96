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
  const all = { 'key.js': {}, ...modules }
  const uploaded = new Map(Object.keys(all).map((name) => [name, name in modules ? bytes : 0]))
  return inspectBundle(manifestOf(all), uploaded, SMALL).complaints
}

describe('inspectBundle()', () => {
  test('takes what is small and free of the forbidden', () => {
    const modules = {
      'worker.js': { imports: ['node:crypto'], sources: ['apps/worker/src/worker.ts'] },
      'key.js': { sources: [`${PNPM}/zod@4/node_modules/zod/index.js`] },
    }
    expect(complaintsAbout(modules)).toEqual([])
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
      'shared.js': { imports: ['deep.js'] },
      'deep.js': { sources: [source] },
    }
    expect(complaintsAbout(modules)).toEqual([`'${name}' is eager, in deep.js: ${source}`])
  })

  // These count as eager: a first answer may be one about a key.
  test('refuses what is forbidden beside the routes of a key, too', () => {
    const source = 'packages/x509/src/index.ts'
    expect(complaintsAbout({ 'worker.js': {}, 'key.js': { sources: [source] } })).toEqual([
      `'packages/x509/' is eager, in key.js: ${source}`,
    ])
  })

  test.each([
    ['zod/', `${PNPM}/zod@4/node_modules/zod/index.js`],
    ['packages/api/src/schemas/', 'packages/api/src/schemas/ids.ts'],
    ['packages/core/src/operations/', 'packages/core/src/operations/key/read.ts'],
  ])('refuses %s in the entry, and takes it beside the routes of a key', (name, source) => {
    const module = { sources: [source] }
    expect(complaintsAbout({ 'worker.js': {}, 'key.js': module })).toEqual([])
    expect(complaintsAbout({ 'worker.js': module })).toEqual([
      `'${name}' is eager, in worker.js: ${source}`,
    ])
  })

  test.each([
    ['packages/api/src/routes/', 'rotations.ts'],
    ['packages/api/src/schemas/', 'trigger.ts'],
    ['packages/core/src/operations/', 'key/settle.ts'],
    ['packages/providers/src/', 'graph/schema.ts'],
  ])('refuses of %s what is not known to be needed at once, such as %s', (folder, file) => {
    const sources = ['packages/api/src/routes/encryption-key.ts', folder + file]
    expect(complaintsAbout({ 'worker.js': {}, 'key.js': { sources } })).toEqual([
      `${folder}${file} is eager, in key.js: of ${folder} few files may be`,
    ])
  })

  test('takes what is loaded later for neither forbidden nor eager', () => {
    const manifest = manifestOf({
      'worker.js': {},
      'key.js': {},
      'x509.js': { imports: ['worker.js'], sources: ['packages/x509/src/index.ts'] },
    })
    const uploaded = new Map([
      ['worker.js', 60],
      ['key.js', 40],
      ['x509.js', 60],
    ])
    expect(inspectBundle(manifest, uploaded, SMALL)).toEqual({
      eager: new Map([
        ['worker.js', 60],
        ['key.js', 40],
      ]),
      lazy: new Map([['x509.js', 60]]),
      complaints: [],
    })
  })

  test('refuses modules that load each other', () => {
    const modules = {
      'worker.js': {},
      'one.js': { imports: ['two.js'] },
      'two.js': { imports: ['worker.js', 'one.js'] },
    }
    expect(complaintsAbout(modules)).toEqual([
      'one.js is loaded by what it loads',
      'two.js is loaded by what it loads',
    ])
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
    const manifest = manifestOf({ 'worker.js': {}, 'key.js': {}, 'x509.js': {} })
    const uploaded = new Map([
      ['worker.js', 1],
      ['key.js', 1],
      ['old.js', 1],
    ])
    expect(inspectBundle(manifest, uploaded, SMALL).complaints).toEqual([
      'x509.js is built and not uploaded',
      'old.js is uploaded and not built',
    ])
  })

  test('refuses a bundle without its entry, or without the routes of a key', () => {
    expect(inspectBundle(manifestOf({}), new Map(), SMALL).complaints).toEqual([
      'worker.js is not built',
      'key.js is not built',
    ])
  })
})
