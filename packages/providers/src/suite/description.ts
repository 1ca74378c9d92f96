import type { Provider } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { ProviderFixtures } from '../shared/fixture.ts'
import { bind, READS } from './bind.ts'

/** What a provider says of itself: schemas, operations, ids. */
export function testDescription(provider: Provider, fixtures: ProviderFixtures): void {
  describe('config and credentials', () => {
    testSchemas(provider, fixtures)
    testRefusals(provider, fixtures)
  })

  test('operationNames are the operations that a connection offers', () => {
    const { operations } = bind(provider, fixtures)
    expect(Object.keys(operations).toSorted()).toEqual([...provider.operationNames].toSorted())
  })

  test('an operation may be sent again exactly where it only reads', () => {
    const { operations } = bind(provider, fixtures)
    for (const [name, exchange] of Object.entries(operations)) {
      expect(exchange.repeatable, name).toBe(READS.has(name))
    }
  })

  test('canonicalId() keeps one form of an id, and refuses what is none', () => {
    const { numbers } = provider
    expect(numbers === null).toBe(fixtures.ids.length === 0)
    for (const [given, canonical] of fixtures.ids) {
      if (canonical === null) {
        expect(() => numbers?.canonicalId(given), given).toThrow(
          expect.objectContaining({ code: 'invalid_request' }),
        )
        continue
      }
      expect(numbers?.canonicalId(given)).toBe(canonical)
      expect(numbers?.canonicalId(canonical)).toBe(canonical)
    }
  })

  test('hasDialect tells whether there is one', () => {
    expect(provider.hasDialect).toBe(provider.dialect !== undefined)
  })

  test('webhook tells whether there is a receiver', () => {
    expect(provider.webhook === undefined).toBe(provider.receiver === undefined)
  })

  test('every quirk and limit names its source', () => {
    for (const { source } of [...provider.quirks, ...provider.limits]) expect(source).not.toBe('')
    const names = provider.quirks.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
}

const jsonSchema = z.object({
  properties: z.record(z.string(), z.object({ description: z.string().min(1) })),
  additionalProperties: z.literal(false),
})

function testSchemas(provider: Provider, fixtures: ProviderFixtures): void {
  const halves = [
    ['config', provider.config, fixtures.config],
    ['credentials', provider.credentials, fixtures.credentials],
  ] as const
  for (const [name, schema, given] of halves) {
    test(`${name} parses to what parses to itself`, () => {
      const parsed = schema.parse(given)
      expect(schema.parse(parsed)).toEqual(parsed)
    })

    test(`${name} refuses an unknown field`, () => {
      expect(schema.safeParse({ ...given, unheardOf: 1 }).success).toBe(false)
    })

    test(`${name} describes every field in its JSON Schema`, () => {
      const document = z.toJSONSchema(schema, { io: 'input' })
      expect(jsonSchema.safeParse(document).error).toBe(undefined)
    })
  }
}

function testRefusals(provider: Provider, fixtures: ProviderFixtures): void {
  for (const { name, config, credentials } of fixtures.refused) {
    test(`connections with ${name} are refused`, () => {
      const taken =
        provider.config.safeParse({ ...fixtures.config, ...config }).success &&
        provider.credentials.safeParse({ ...fixtures.credentials, ...credentials }).success
      expect(taken).toBe(false)
    })
  }

  // A credential with a line break in it would end its header and begin another of the attacker's choice.
  test('no credential takes a control character', () => {
    const shape: z.core.$ZodShape = provider.credentials.shape
    for (const name of Object.keys(shape)) {
      const field: z.core.$ZodType | undefined = shape[name]
      for (const control of ['\r\nX-Injected: 1', '\n', '\0', '\u007F', '\u0085']) {
        expect(field !== undefined && z.safeParse(field, `secret${control}`).success, name).toBe(
          false,
        )
      }
    }
  })
}
