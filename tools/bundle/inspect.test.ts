import { describe, expect, test } from 'vitest'
import { inspectBundle } from './inspect.ts'

const RULES = {
  maxEagerBytes: 100,
  maxTotalBytes: 200,
  forbidden: ['@peculiar/', 'reflect-metadata', 'node:sqlite', 'packages/x509/'],
}
const PNPM = '../../node_modules/.pnpm'

interface Sample {
  readonly inputs?: readonly string[]
  readonly imports?: readonly { readonly path: string; readonly kind: string }[]
  readonly entryPoint?: string
}

const metafile = (outputs: Readonly<Record<string, Sample>>) =>
  JSON.stringify({
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([path, { inputs = [], imports = [], ...rest }]) => [
        path,
        { inputs: Object.fromEntries(inputs.map((input) => [input, {}])), imports, ...rest },
      ]),
    ),
  })

const complaintsAbout = (outputs: Readonly<Record<string, Sample>>, bytes = 10) =>
  inspectBundle(metafile(outputs), () => bytes, RULES).complaints

describe('inspectBundle()', () => {
  test('takes what is small and free of the forbidden', () => {
    const worker = {
      entryPoint: 'src/worker.ts',
      inputs: ['src/worker.ts', `${PNPM}/zod@4/node_modules/zod/index.js`],
      imports: [{ path: 'node:crypto', kind: 'import-statement' }],
    }
    expect(complaintsAbout({ 'out/worker.js': worker })).toEqual([])
  })

  test('refuses one byte too many', () => {
    const worker = { entryPoint: 'src/worker.ts' }
    expect(complaintsAbout({ 'out/worker.js': worker }, 100)).toEqual([])
    expect(complaintsAbout({ 'out/worker.js': worker }, 101)).toEqual([
      '101 bytes before the first answer, at most 100',
    ])
  })

  test.each([
    ['@peculiar/', `${PNPM}/@peculiar+x509@2/node_modules/@peculiar/x509/build/index.js`],
    ['packages/x509/', '../../packages/x509/src/index.ts'],
    ['reflect-metadata', `${PNPM}/reflect-metadata@0/node_modules/reflect-metadata/Reflect.js`],
  ])('finds %s among what was bundled', (name, input) => {
    const worker = { entryPoint: 'src/worker.ts', inputs: [input] }
    expect(complaintsAbout({ 'out/worker.js': worker })).toEqual([`'${name}' is eager: ${input}`])
  })

  test('finds a built-in module that is imported', () => {
    const imports = [{ path: 'node:sqlite', kind: 'import-statement' }]
    const worker = { entryPoint: 'src/worker.ts', imports }
    expect(complaintsAbout({ 'out/worker.js': worker })).toEqual([
      "'node:sqlite' is eager: node:sqlite",
    ])
  })

  test('counts a chunk that is imported at the start, and not one that is imported later', () => {
    const outputs = {
      'out/worker.js': {
        entryPoint: 'src/worker.ts',
        imports: [
          { path: 'out/early.js', kind: 'import-statement' },
          { path: 'out/late.js', kind: 'dynamic-import' },
        ],
      },
      'out/early.js': { inputs: ['/node_modules/@peculiar/asn1/index.js'] },
      'out/late.js': {
        entryPoint: 'src/late.ts',
        inputs: ['/node_modules/reflect-metadata/Reflect.js'],
      },
    }
    expect(complaintsAbout(outputs, 51)).toEqual([
      "'@peculiar/' is eager: /node_modules/@peculiar/asn1/index.js",
      '102 bytes before the first answer, at most 100',
    ])
  })

  test('counts what is loaded later among all', () => {
    const imports = [{ path: 'out/late.js', kind: 'dynamic-import' }]
    const outputs = {
      'out/worker.js': { entryPoint: 'src/worker.ts', imports },
      'out/late.js': { inputs: ['packages/x509/src/index.ts'] },
      'out/worker.js.map': {},
    }
    expect(inspectBundle(metafile(outputs), () => 100, RULES)).toEqual({
      eager: 100,
      total: 200,
      complaints: [],
    })
    expect(inspectBundle(metafile(outputs), () => 101, RULES).complaints).toContain(
      '202 bytes in all, at most 200',
    )
  })

  test('refuses a bundle without entry point', () => {
    expect(complaintsAbout({})).toEqual(['there is no entry point'])
  })
})
