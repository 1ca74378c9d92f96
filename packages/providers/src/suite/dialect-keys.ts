import type { Operations, PublicKey, SignatureStatus } from '@latchkey/core'
import { readPublicKey } from '@latchkey/crypto'
import { expect, test } from 'vitest'
import { type DialectWorld, readAs, receivedFrom, sentBy } from './dialect-world.ts'
import { createGenerator, type Generator } from './generate.ts'
import { randomKey } from './random-key.ts'

type Client<Name extends keyof Operations> = NonNullable<Operations[Name]>

const SEED = 20_261_121
const ROUNDS = 40

/** What can be told of a key, whatever the words for it. */
const READINGS: readonly (readonly [SignatureStatus, hasKey: boolean])[] = [
  ['valid', true],
  ['mismatch', true],
  ['unknown', true],
  ['unset', false],
]

/** Keys that a client sets and reads arrive, and come back, as they are. */
export function testDialectKeys(world: DialectWorld): void {
  const { operations } = world.connection
  const publish = operations['encryptionKey.publish']
  const read = operations['encryptionKey.read']
  if (publish !== undefined) testPublish(world, publish)
  if (read !== undefined) testRead(world, read)
}

function testPublish(world: DialectWorld, publish: Client<'encryptionKey.publish'>): void {
  test('encryptionKey.publish arrives as it was sent', async () => {
    const generate = createGenerator(SEED, [''])
    for (let round = 0; round < ROUNDS; round += 1) {
      const input = { upstreamId: randomId(world, generate), publicKey: await randomKey(generate) }
      const request = await sentBy(publish, input)
      const call = await readAs(world, request, 'encryptionKey.publish')
      expect(call.input.upstreamId).toBe(namedId(world, input.upstreamId))
      expect(await readPublicKey(call.input.publicKey)).toEqual(input.publicKey)
      const response = receivedFrom(world, request, () => call.answer({}))
      expect(await publish.respond(response, input)).toEqual({})
    }
  })
}

function testRead(world: DialectWorld, read: Client<'encryptionKey.read'>): void {
  test('encryptionKey.read comes back as it was told', async () => {
    const generate = createGenerator(SEED, [''])
    for (let round = 0; round < ROUNDS; round += 1) {
      const [status, hasKey] = generate.pick(READINGS)
      const publicKey: PublicKey | null = hasKey ? await randomKey(generate) : null
      const input = { upstreamId: randomId(world, generate) }
      const request = await sentBy(read, input)
      const call = await readAs(world, request, 'encryptionKey.read')
      expect(call.input).toEqual({ upstreamId: namedId(world, input.upstreamId) })
      const told = { publicKey: publicKey?.pem ?? null, status }
      const response = receivedFrom(world, request, () => call.answer(told))
      expect(await read.respond(response, input)).toEqual({ status, publicKey, warnings: [] })
    }
  })
}

/** An upstream that serves one number has no place for its id. */
function namedId({ provider }: DialectWorld, upstreamId: string): string | null {
  return provider.numbers?.single === true ? null : upstreamId
}

/** An id of the fixtures with other digits behind its first two characters. */
function randomId({ fixtures }: DialectWorld, generate: Generator): string {
  const ids = fixtures.ids.map(([, canonical]) => canonical).filter((id) => id !== null)
  const id = generate.pick(ids)
  return id.replaceAll(/\d/g, (digit, at: number) => (at < 2 ? digit : String(generate.below(10))))
}
