import type { Provider, UpstreamRequest } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { ProviderFixtures, RequestFixture } from '../shared/fixture.ts'
import { bind, exchangeOf, SESSION } from './bind.ts'

/** The client sends what the vendor's samples send. */
export function testRequests(provider: Provider, fixtures: ProviderFixtures): void {
  describe('requests equal the samples', () => {
    for (const fixture of fixtures.requests) {
      test(`${fixture.name} (${fixture.source})`, async () => {
        const exchange = exchangeOf(bind(provider, fixtures, fixture), fixture.operation)
        const request = await exchange.request(fixture.input, SESSION)
        expect(parsed(request, fixture.expected.encoding)).toEqual(fixture.expected)
      })
    }
  })
}

const textFields = z.record(z.string(), z.string())

/** A request as the fixtures write one down: what it means, not how it is encoded. */
function parsed(
  request: UpstreamRequest,
  encoding: RequestFixture['expected']['encoding'],
): RequestFixture['expected'] {
  const { method, path, query = [], headers = {}, body = '' } = request
  const about = { method, path, query, headers: Object.entries(headers), encoding }
  if (encoding === 'text') return { ...about, fields: [], text: body }
  const fields =
    encoding === 'json'
      ? Object.entries(textFields.parse(JSON.parse(body)))
      : [...new URLSearchParams(body)]
  return { ...about, fields }
}
