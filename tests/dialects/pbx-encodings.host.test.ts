import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { openSides, runOnBoth, type Side, type Sides } from './sides.ts'
import { type DialectsWorld, openDialectsWorld } from './world.ts'

const FILE = 'company.crt'
const JSON_TYPE = ['-H', 'Content-Type: application/json']
const CREATE = JSON.stringify({ type: 'trusted', name: FILE })

const answered = z.looseObject({ errcode: z.int() })

let world: DialectsWorld
let sides: Sides
let path: string
beforeAll(async () => {
  world = await openDialectsWorld()
  path = await world.file(FILE, world.authority)
})
afterAll(() => world.close())
beforeEach(async () => {
  sides = await openSides(world, 'pbx')
})

/** The code that both answer with, where they answer the same. */
async function codeOf(endpoint: string, words: readonly string[], query = ''): Promise<number> {
  const { latchkey, emulator } = await runOnBoth(sides, ({ base, secret }: Side) => [
    `${base}/openapi/v1.0/${endpoint}?access_token=${secret}${query}`,
    ...words,
  ])
  expect(latchkey).toEqual(emulator)
  expect([latchkey.status, latchkey.type]).toEqual([200, 'application/json'])
  return answered.parse(latchkey.body).errcode
}

const UPLOAD = 'certificate/upload'
const form = (...more: readonly string[]) => ['-F', 'type=trusted', '-F', `file=@${path}`, ...more]

describe('a file sent with curl to the dialect pbx', () => {
  test.each<readonly [name: string, words: () => readonly string[], code: number]>([
    ['-F', () => form(), 0],
    ['-F with the file first', () => ['-F', `file=@${path}`, '-F', 'type=trusted'], 0],
    [
      '-F with a path for a name, and a type',
      () => [
        '-F',
        'type=trusted',
        '-F',
        `file=@${path};filename=/D:/project/${FILE};type=application/x-x509-ca-cert`,
      ],
      0,
    ],
    ['Transfer-Encoding: chunked', () => form('-H', 'Transfer-Encoding: chunked'), 0],
    ['Expect: 100-continue', () => form('-H', 'Expect: 100-continue'), 0],
    ['-F of its text alone', () => ['-F', 'type=trusted', '-F', `file=<${path}`], 40_002],
    ['-F without a type', () => ['-F', `file=@${path}`], 40_002],
    ['-F of another type', () => ['-F', 'type=other', '-F', `file=@${path}`], 40_002],
    ['--data-urlencode', () => ['-d', 'type=trusted', '--data-urlencode', `file@${path}`], 40_002],
    ['JSON', () => [...JSON_TYPE, '--data', CREATE], 40_001],
    [
      '--data-binary',
      () => ['--data-binary', `@${path}`, '-H', 'Content-Type: text/plain'],
      40_001,
    ],
    [
      'a multipart form that is none',
      () => ['-H', 'Content-Type: multipart/form-data', '-d', 'x'],
      40_001,
    ],
  ])('is answered as by the emulator: %s', async (_name, words, code) => {
    expect(await codeOf(UPLOAD, words())).toBe(code)
  })
})

describe('a certificate created with curl by the dialect pbx', () => {
  beforeEach(async () => {
    expect(await codeOf(UPLOAD, form())).toBe(0)
  })

  test.each<readonly [name: string, words: readonly string[], code: number]>([
    ['JSON', [...JSON_TYPE, '--data', CREATE], 0],
    ['JSON that says it is a form', ['--data', CREATE], 0],
    ['JSON without a type', ['-H', 'Content-Type:', '--data', CREATE], 0],
    [
      'Transfer-Encoding: chunked',
      [...JSON_TYPE, '-H', 'Transfer-Encoding: chunked', '--data', CREATE],
      0,
    ],
    ['Expect: 100-continue', [...JSON_TYPE, '-H', 'Expect: 100-continue', '--data', CREATE], 0],
    ['a header name in lower case', ['-H', 'content-type: application/json', '--data', CREATE], 0],
    ['a header name in upper case', ['-H', 'CONTENT-TYPE: application/json', '--data', CREATE], 0],
    ['a form', ['-d', 'type=trusted', '-d', `name=${FILE}`], 40_001],
    ['-F', ['-F', 'type=trusted', '-F', `name=${FILE}`], 40_001],
    ['JSON that is cut off', [...JSON_TYPE, '--data', '{"type":'], 40_001],
    ['JSON that is a list', [...JSON_TYPE, '--data', '[]'], 40_001],
    ['no body', ['-X', 'POST'], 40_001],
    ['no type', [...JSON_TYPE, '--data', `{"name":"${FILE}"}`], 40_002],
    ['the method GET', ['-X', 'GET', ...JSON_TYPE, '--data', CREATE], 10_001],
  ])('is answered as by the emulator: %s', async (_name, words, code) => {
    expect(await codeOf('certificate/create', words)).toBe(code)
  })

  // No page tells what becomes of one; whoever joins a base and a path by two slashes is served here.
  test('is made behind a trailing slash, where the emulator knows no such interface', async () => {
    const { latchkey, emulator } = await runOnBoth(sides, ({ base, secret }) => [
      `${base}/openapi/v1.0/certificate/create/?access_token=${secret}`,
      ...JSON_TYPE,
      '--data',
      CREATE,
    ])
    expect(answered.parse(latchkey.body).errcode).toBe(0)
    expect(answered.parse(emulator.body).errcode).toBe(10_001)
  })

  test('is listed as by the emulator', async () => {
    expect(await codeOf('certificate/create', [...JSON_TYPE, '--data', CREATE])).toBe(0)
    expect(await codeOf('certificate/list', [])).toBe(0)
    expect(await codeOf('certificate/get', [], '&id=1')).toBe(0)
    expect(await codeOf('certificate/delete', [], '&id=1')).toBe(0)
  })
})
