import { expect, test } from 'vitest'
import { parseManifest } from './manifest.ts'

const MODULE = { imports: ['node:crypto'], lazyImports: ['x509.js'], sources: ['a.ts'] }

test('parseManifest() reads what the build writes', () => {
  const { lazyImports: _, ...used } = MODULE
  expect(parseManifest(JSON.stringify({ 'worker.js': MODULE })).get('worker.js')).toEqual(used)
})

test.each([
  ['null'],
  ['{"worker.js":null}'],
  ['{"worker.js":{"imports":[]}}'],
  ['{"worker.js":{"imports":[1],"sources":[]}}'],
])('parseManifest() refuses %s', (text) => {
  expect(() => parseManifest(text)).toThrow('Cannot read manifest')
})
