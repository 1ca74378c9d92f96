import { expect, test } from 'vitest'
import { parseManifest } from './manifest.ts'

const MODULE = { imports: ['node:crypto'], lazyImports: ['x509.js'], sources: ['a.ts'] }

test('parseManifest() reads what the build writes', () => {
  const text = JSON.stringify({ 'worker.js': { ...MODULE, further: 1 } })
  expect(parseManifest(text).get('worker.js')).toEqual(MODULE)
})

test.each([
  ['null'],
  ['{"worker.js":null}'],
  ['{"worker.js":{"imports":[]}}'],
  ['{"worker.js":{"imports":[1],"lazyImports":[],"sources":[]}}'],
])('parseManifest() refuses %s', (text) => {
  expect(() => parseManifest(text)).toThrow('Cannot read manifest')
})
