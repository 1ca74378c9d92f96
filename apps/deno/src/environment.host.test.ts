import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SETTINGS, unknownSettings } from './environment.ts'

test('unknownSettings() names what is mistyped, and nothing of others', () => {
  const env = {
    PATH: '/usr/bin',
    LATCHKEY_DATA: '/data',
    LATCHKEY_ALLOW_PRIVATE_HOST: '10.0.0.0/8',
    LATCHKEY_TOKEN: 'lk_0',
  }
  expect(unknownSettings(env)).toEqual(['LATCHKEY_ALLOW_PRIVATE_HOST'])
})

test('SETTINGS are those that the README tells of', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  const told = [...readme.matchAll(/^\| `(LATCHKEY_[A-Z_]+)` +\|/gm)].map(([, name]) => name)
  expect(new Set(told)).toEqual(new Set(SETTINGS))
})
