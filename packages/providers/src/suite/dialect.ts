import { type Dialect, isFault, type Provider } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import type { ProviderFixtures } from '../shared/fixture.ts'
import { exchangesOf, READS, SESSION } from './bind.ts'
import { type CertificateOf, testDialectCertificates } from './dialect-certificates.ts'
import { testDialectFaults } from './dialect-faults.ts'
import { testDialectKeys } from './dialect-keys.ts'
import { testDialectSessions } from './dialect-sessions.ts'
import { type DialectWorld, dialectWorld, sentBy } from './dialect-world.ts'

/**
 * A dialect is its client's mirror: what the client sends is read as what it was asked for, and what the dialect
 * answers is what the client hands back.
 * @param dialect the provider's, which it would load
 * @param certificateOf where the provider has certificates: one of which its format can say everything
 */
export function testDialect(
  provider: Provider,
  dialect: Dialect,
  fixtures: ProviderFixtures,
  certificateOf?: CertificateOf,
): void {
  const world = dialectWorld(provider, dialect, fixtures)
  describe(`dialect ${provider.id}`, () => {
    test('is the one that its provider loads', async () => {
      expect(await provider.dialect?.()).toBe(dialect)
    })
    testSecrets(world)
    testDialectSessions(world)
    testDialectKeys(world)
    if (certificateOf !== undefined) testDialectCertificates(world, certificateOf)
    testDialectFaults(world)
  })
}

/** Whatever a client sends, its secret is found, and a call that only reads comes to nothing else. */
function testSecrets({ dialect, connection, fixtures }: DialectWorld): void {
  const secrets = [SESSION, ...Object.values(fixtures.credentials)]
  for (const [name, exchange, input] of exchangesOf(connection, fixtures)) {
    if (name.startsWith('session.')) continue
    test(`${name} brings its secret along`, async () => {
      const secret = await dialect.secretOf(await sentBy(exchange, input))
      expect(secrets).toContain(secret?.token)
    })

    if (!READS.has(name)) continue
    test(`${name} changes nothing`, async () => {
      const request = await sentBy(exchange, input)
      try {
        const { operation } = await dialect.read(request)
        expect(READS).toContain(operation)
      } catch (error) {
        // Not everything that a client asks is served.
        if (!isFault(error)) throw error
        expect(['not_found', 'method_not_allowed']).toContain(error.code)
      }
    })
  }
}
