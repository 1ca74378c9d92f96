import { describe, expect, test } from 'vitest'
import { complaintsAbout } from './testing.ts'

describe('checkGlobals()', () => {
  test.each([
    `fetch('https://example.com')`,
    `const call = fetch`,
    `globalThis.fetch('https://example.com')`,
    `globalThis['fetch']('https://example.com')`,
    `const options = { fetch }`,
    `new WebSocket('wss://example.com')`,
    `const { fetch: call } = globalThis`,
  ])('leaves calling out to packages/http: %s', (text) => {
    const files = {
      'packages/http/src/a.ts': text,
      'packages/sandbox/src/control/client.ts': text,
      'packages/api/src/a.test.ts': text,
      'tests/black-box/a.ts': text,
      'packages/api/src/b.ts': text,
      'apps/worker/src/c.ts': text,
    }
    expect(complaintsAbout(files)).toEqual([
      expect.stringContaining('fetch packages/api/src/b.ts:1'),
      expect.stringContaining('fetch apps/worker/src/c.ts:1'),
    ])
  })

  test.each([
    `function call(fetch: (url: string) => void) { fetch('x') }`,
    `const app = { fetch() { return 1 } }; app.fetch()`,
    `class App { fetch() { return this.fetch() } }`,
    `import { fetch } from './transport.ts'; fetch('x')`,
    `type Call = typeof fetch`,
    `interface App { fetch(url: string): void }`,
    `const { fetch: call } = { fetch: 1 }; call`,
    `const text = 'fetch("x")' // fetch('x')`,
  ])('knows another thing of the same name: %s', (text) => {
    expect(complaintsAbout({ 'packages/api/src/a.ts': text })).toEqual([])
  })

  test.each([
    `Date.now()`,
    `new Date()`,
    `new Date`,
    `Date()`,
    `Math.random()`,
    `setTimeout(() => undefined, 1)`,
    `setInterval(() => undefined, 1)`,
    `console.log(1)`,
    `performance.now()`,
    `process.exit()`,
    `Deno.exit()`,
    `Buffer.from('x')`,
    `Object.keys(globalThis)`,
  ])('keeps core and providers pure: %s', (text) => {
    const files = { 'packages/core/src/a.ts': text, 'packages/providers/src/a.ts': text }
    expect(complaintsAbout(files)).toEqual([
      expect.stringContaining('purity packages/core/src/a.ts:1'),
      expect.stringContaining('purity packages/providers/src/a.ts:1'),
    ])
  })

  test('lets them reckon with dates that they were given', () => {
    const text = `new Date(0).toISOString(); Date.parse('2026'); Math.max(1, 2); let d: Date; d`
    expect(complaintsAbout({ 'packages/core/src/a.ts': text })).toEqual([])
  })

  test('leaves cryptography out of core alone', () => {
    const text = `crypto.getRandomValues(new Uint8Array(1))`
    const files = { 'packages/core/src/a.ts': text, 'packages/providers/src/a.ts': text }
    expect(complaintsAbout(files)).toEqual([expect.stringContaining(`'crypto.getRandomValues()'`)])
  })

  test.each([
    `process.env['PORT']`,
    `const { PORT } = process.env`,
    `const { env } = process`,
    `Deno.env.get('PORT')`,
    `globalThis.process.env.PORT`,
  ])('reads settings only in apps: %s', (text) => {
    const files = { 'packages/ledger/src/a.ts': text, 'apps/deno/src/a.ts': text }
    expect(complaintsAbout(files)).toEqual([
      expect.stringContaining('env packages/ledger/src/a.ts:1'),
    ])
  })
})
