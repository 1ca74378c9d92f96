import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSides, runOnBoth, type Sides } from './sides.ts'
import { type DialectsWorld, openDialectsWorld } from './world.ts'

const TEXT = ['-H', 'Content-Type: text/plain']

let world: DialectsWorld
let sides: Sides
let authorityPath: string
beforeAll(async () => {
  world = await openDialectsWorld()
  sides = await openSides(world, 'onprem')
  authorityPath = await world.file('authority.pem', world.authority)
})
afterAll(() => world.close())

type Words = (path: string) => readonly string[]

const TAKEN: readonly (readonly [name: string, words: Words])[] = [
  ['--data-binary', (path) => [...TEXT, '--data-binary', `@${path}`]],
  [
    'a type that names its charset',
    (path) => ['-H', 'Content-Type: text/plain; charset=utf-8', '--data-binary', `@${path}`],
  ],
  [
    'header names in lower case',
    (path) => ['-H', 'content-type: text/plain', '--data-binary', `@${path}`],
  ],
  [
    'header names in upper case',
    (path) => ['-H', 'CONTENT-TYPE: text/plain', '--data-binary', `@${path}`],
  ],
  [
    'Transfer-Encoding: chunked',
    (path) => [...TEXT, '-H', 'Transfer-Encoding: chunked', '--data-binary', `@${path}`],
  ],
  [
    'Expect: 100-continue',
    (path) => [...TEXT, '-H', 'Expect: 100-continue', '--data-binary', `@${path}`],
  ],
]

const REFUSED: typeof TAKEN = [
  ['--data-binary without a type of its own', (path) => ['--data-binary', `@${path}`]],
  ['--data-urlencode', (path) => ['--data-urlencode', `certificate@${path}`]],
  ['-F', (path) => ['-F', `file=@${path}`]],
  ['JSON', () => ['-H', 'Content-Type: application/json', '--data', '{"certificate":"x"}']],
  ['no body', () => [...TEXT, '-X', 'POST']],
]

describe.each([
  ['external', () => world.bundlePath],
  ['webhooks/ca', () => authorityPath],
] as const)('a file sent with curl to %s of the dialect onprem', (endpoint, pathOf) => {
  const post = (words: Words) =>
    runOnBoth(sides, ({ base, secret }) => [
      `${base}/v1/certificates/${endpoint}`,
      '-H',
      `Authorization: Bearer ${secret}`,
      ...words(pathOf()),
    ])

  test.each(TAKEN)('is taken as by the emulator: %s', async (_name, words) => {
    const { latchkey, emulator } = await post(words)
    expect(latchkey).toEqual(emulator)
    expect(latchkey.status).toBe(200)
  })

  test.each(REFUSED)('is refused as by the emulator: %s', async (_name, words) => {
    const { latchkey, emulator } = await post(words)
    expect(latchkey).toEqual(emulator)
    expect(latchkey.status).toBe(400)
  })
})
