import type {
  CertificateKind,
  CertificatePurpose,
  DialectCertificate,
  DnsAccess,
  ListedCertificate,
  Operations,
} from '@latchkey/core'
import { expect, test } from 'vitest'
import { type DialectWorld, readAs, receivedFrom, sentBy } from './dialect-world.ts'
import { createGenerator, type Generator } from './generate.ts'

const SEED = 20_261_124
const ROUNDS = 20
const PEM = '-----BEGIN CERTIFICATE-----\nMII+/=\n-----END CERTIFICATE-----\n'
const STATUSES = ['pending', 'installed'] as const

/** A certificate of which the provider's format can say everything. */
export type CertificateOf = (purpose: CertificatePurpose, ordinal: number) => DialectCertificate

type Client<Name extends keyof Operations> = NonNullable<Operations[Name]>

/** Certificates that a client sends and reads arrive, and come back, as they are. */
export function testDialectCertificates(world: DialectWorld, certificateOf: CertificateOf): void {
  const { operations } = world.connection
  const list = operations['certificate.list']
  const get = operations['certificate.get']
  const stage = operations['certificate.stage']
  const upload = operations['certificate.upload']
  const remove = operations['certificate.remove']
  if (list !== undefined) testList(world, list, certificateOf)
  if (get !== undefined) testGet(world, get, certificateOf)
  if (stage !== undefined) testStage(world, stage)
  if (upload !== undefined) testUpload(world, upload, stage !== undefined)
  if (remove !== undefined) testRemove(world, remove)
  testChanges(world)
}

function testList(world: DialectWorld, list: Client<'certificate.list'>, of: CertificateOf): void {
  test('certificate.list comes back as it was told', async () => {
    for (const { purpose, slot } of kindsOf(world, ({ isListed }) => isListed)) {
      const input = { purpose, cursor: null }
      const request = await sentBy(list, input)
      const call = await readAs(world, request, 'certificate.list')
      expect(call.input.purposes ?? [purpose]).toContain(purpose)
      for (const count of slot === null ? [0, 1, 7] : [0, 1]) {
        const certificates = Array.from({ length: count }, (_, index) => of(purpose, index + 1))
        const response = receivedFrom(world, request, () => call.answer({ certificates }))
        const told = await list.respond(response, input)
        expect(told).toEqual({ certificates: certificates.map(listed), nextCursor: null })
      }
    }
  })
}

function testGet(world: DialectWorld, get: Client<'certificate.get'>, of: CertificateOf): void {
  test('certificate.get comes back as it was told', async () => {
    const [kind] = kindsOf(world, ({ isListed }) => isListed)
    for (const ordinals of [[7], [7, 8, 19]]) {
      const input = { upstreamIds: ordinals.map(String) }
      const request = await sentBy(get, input)
      const call = await readAs(world, request, 'certificate.get')
      expect(call.input).toEqual({ ordinals })
      const certificates = ordinals.map((ordinal) => of(kind?.purpose ?? 'server', ordinal))
      const response = receivedFrom(world, request, () => call.answer({ certificates }))
      expect(await get.respond(response, input)).toEqual({ certificates: certificates.map(listed) })
    }
  })
}

function testStage(world: DialectWorld, stage: Client<'certificate.stage'>): void {
  test('certificate.stage arrives as it was sent', async () => {
    for (const { purpose } of kindsOf(world, ({ upload }) => upload !== null)) {
      const input = { purpose, fileName: 'example (1).pem', pem: PEM }
      const request = await sentBy(stage, input)
      const call = await readAs(world, request, 'certificate.stage')
      expect(call.input).toEqual(input)
      const response = receivedFrom(world, request, () => call.answer({ fileName: 'kept.pem' }))
      expect(await stage.respond(response, input)).toEqual({ fileName: 'kept.pem' })
    }
  })
}

function testUpload(
  world: DialectWorld,
  upload: Client<'certificate.upload'>,
  isStaged: boolean,
): void {
  test('certificate.upload arrives as it was sent', async () => {
    const generate = createGenerator(SEED, [''])
    for (const { purpose, canRenew } of kindsOf(world, (kind) => kind.upload !== null)) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const staged = isStaged ? 'example.pem' : null
        const pem = isStaged ? '' : PEM
        const autoRenewal = canRenew ? maybeDns(generate) : null
        const input = { purpose, pem, staged, autoRenewal }
        const request = await sentBy(upload, input)
        const call = await readAs(world, request, 'certificate.upload')
        expect(call.input).toEqual(input)
        // Where the file is the body, the answer says no more than that it was taken.
        const told = { name: staged, status: isStaged ? generate.pick(STATUSES) : 'installed' }
        const response = receivedFrom(world, request, () => call.answer(told))
        expect(await upload.respond(response, input)).toEqual(told)
      }
    }
  })
}

function testRemove(world: DialectWorld, remove: Client<'certificate.remove'>): void {
  test('certificate.remove is about the certificate that was meant', async () => {
    for (const { purpose, slot } of kindsOf(world, ({ canRemove }) => canRemove)) {
      const input = { purpose, upstreamId: slot ?? '7' }
      const request = await sentBy(remove, input)
      const call = await readAs(world, request, 'certificate.remove')
      expect(call.input).toEqual(slot === null ? { ordinal: 7 } : { purpose })
      const response = receivedFrom(world, request, () => call.answer({}))
      expect(await remove.respond(response, input)).toEqual({})
    }
  })
}

function testChanges(world: DialectWorld): void {
  const { operations } = world.connection
  const apply = operations['certificate.apply']
  const update = operations['certificate.update']
  const activate = operations['certificate.activate']
  const generate = createGenerator(SEED, [''])

  const testApply = (client: Client<'certificate.apply'>) =>
    test('certificate.apply arrives as it was sent', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const input = { domain: 'pbx.example.com', ...randomDns(generate) }
        const request = await sentBy(client, input)
        const call = await readAs(world, request, 'certificate.apply')
        expect(call.input).toEqual(input)
        const told = { name: 'pbx.example.com.pem', status: generate.pick(STATUSES) }
        const response = receivedFrom(world, request, () => call.answer(told))
        expect(await client.respond(response, input)).toEqual(told)
      }
    })

  const testUpdate = (client: Client<'certificate.update'>) =>
    test('certificate.update arrives as it was sent', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const input = { upstreamId: '7', autoRenewal: maybeDns(generate) }
        const request = await sentBy(client, input)
        const call = await readAs(world, request, 'certificate.update')
        expect(call.input).toEqual({ ordinal: 7, autoRenewal: input.autoRenewal })
        const response = receivedFrom(world, request, () => call.answer({}))
        expect(await client.respond(response, input)).toEqual({})
      }
    })

  const testActivate = (client: Client<'certificate.activate'>) =>
    test('certificate.activate arrives as it was sent', async () => {
      const input = { name: 'example (1).pem' }
      const request = await sentBy(client, input)
      const call = await readAs(world, request, 'certificate.activate')
      expect(call.input).toEqual(input)
      const response = receivedFrom(world, request, () => call.answer({}))
      expect(await client.respond(response, input)).toEqual({})
    })

  if (apply !== undefined) testApply(apply)
  if (update !== undefined) testUpdate(update)
  if (activate !== undefined) testActivate(activate)
}

function kindsOf(
  { connection }: DialectWorld,
  can: (kind: CertificateKind) => boolean,
): readonly CertificateKind[] {
  return (connection.certificates?.kinds ?? []).filter(can)
}

function listed({ ordinal: _ordinal, ...certificate }: DialectCertificate): ListedCertificate {
  return certificate
}

function maybeDns(generate: Generator): DnsAccess | null {
  return generate.chance(0.5) ? randomDns(generate) : null
}

function randomDns(generate: Generator): DnsAccess {
  const secret = String(generate.below(1e9)) + generate.pick(['', ' ', '"', '€', '%2B+'])
  return {
    dnsProvider: 'alidns',
    dnsParameters: { Secret: secret, TTL: generate.below(600), Sandbox: generate.chance(0.5) },
  }
}
