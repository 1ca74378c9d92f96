import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import {
  ENCODINGS,
  FIELDS,
  KEY_DIALECTS,
  type KeyDialect,
  PATHS,
  secretHeader,
  type Sent,
} from './key-encodings.ts'
import { openSides, runOnBoth, type Side, type Sides, type Told } from './sides.ts'
import { type DialectsWorld, openDialectsWorld } from './world.ts'

const refusedByDeployment = z.object({ errors: z.array(z.object({ code: z.int() })) })

let world: DialectsWorld
beforeAll(async () => {
  world = await openDialectsWorld()
})
afterAll(() => world.close())

async function sentFor(dialect: KeyDialect): Promise<Sent> {
  const field = FIELDS[dialect]
  const pem = world.publicKey
  const form = new URLSearchParams({ [field]: pem }).toString()
  return {
    field,
    pem,
    pemFile: await world.file('key.pem', pem),
    formFile: await world.file(`${field}.form`, form),
    jsonFile: await world.file(`${field}.json`, JSON.stringify({ [field]: pem })),
  }
}

describe.each(KEY_DIALECTS)('a key sent with curl to the dialect %s', (dialect) => {
  let sides: Sides
  let sent: Sent
  beforeAll(async () => {
    sides = await openSides(world, dialect)
    sent = await sentFor(dialect)
  })

  const post = (words: readonly string[], path = PATHS[dialect]) =>
    runOnBoth(sides, (side: Side) => [
      '-X',
      'POST',
      `${side.base}${path}`,
      '-H',
      secretHeader(dialect, side),
      ...words,
    ])

  for (const [name, { words, takenBy, isUntold }] of Object.entries(ENCODINGS)) {
    const isTaken = takenBy.includes(dialect)
    test(`is ${isTaken ? 'taken' : 'refused'} as by the emulator: ${name}`, async () => {
      const { latchkey, emulator } = await post(words(sent))
      if (isUntold === true && dialect === 'onprem') expectUnreadable(latchkey, emulator)
      else expect(latchkey).toEqual(emulator)
      expect(latchkey.status === 200).toBe(isTaken)
    })
  }

  test.each([
    ['lower case', (name: string) => name.toLowerCase()],
    ['upper case', (name: string) => name.toUpperCase()],
  ])('is taken as by the emulator with header names in %s', async (_case, spell) => {
    const { latchkey, emulator } = await runOnBoth(sides, (side) => {
      const [secret = '', ...value] = secretHeader(dialect, side).split(':')
      return [
        `${side.base}${PATHS[dialect]}`,
        '-H',
        `${spell(secret)}:${value.join(':')}`,
        '-H',
        `${spell('Content-Type')}: application/x-www-form-urlencoded`,
        '--data-urlencode',
        `${sent.field}=${sent.pem}`,
      ]
    })
    expect(latchkey).toEqual(emulator)
    expect(latchkey.status).toBe(200)
  })
  // No page tells what becomes of one; whoever joins a base and a path by two slashes is served here.
  test('is taken behind a trailing slash, where the emulator knows no such path', async () => {
    const words = ['--data-urlencode', `${sent.field}=${sent.pem}`]
    const plain = await post(words)
    const { latchkey, emulator } = await post(words, `${PATHS[dialect]}/`)
    expect(latchkey).toEqual(plain.latchkey)
    expect(emulator.status).toBe(dialect === 'graph' ? 400 : 404)
  })

  const get = (side: Side) => [`${side.base}${PATHS[dialect]}`, '-H', secretHeader(dialect, side)]

  test('is refused as by the emulator with a wrong secret', async () => {
    const { latchkey, emulator } = await runOnBoth(sides, ({ base }) => [
      ...get({ base, secret: 'wrong' }),
      '--data-urlencode',
      `${sent.field}=${sent.pem}`,
    ])
    expect(latchkey).toEqual(emulator)
    expect(latchkey.status).toBe(401)
  })

  // Kaleyra documents no read; what is answered to one is Latchkey's own.
  if (dialect !== 'kaleyra') {
    test('is read back as from the emulator', async () => {
      await post(['--data-urlencode', `${sent.field}=${sent.pem}`])
      const { latchkey, emulator } = await runOnBoth(sides, get)
      expect(latchkey).toEqual(emulator)
      expect(latchkey.status).toBe(200)
    })
  }
})

/** Refused as a bad request in the deployment's own words; no page says which of these it has for it. */
function expectUnreadable(...answers: readonly Told[]): void {
  for (const { status, type, body } of answers) {
    const codes = refusedByDeployment.parse(body).errors.map(({ code }) => code)
    expect([status, type, ...codes]).toEqual([400, 'application/json', expect.any(Number)])
    expect([1008, 1009, 1025]).toEqual(expect.arrayContaining(codes))
  }
}
