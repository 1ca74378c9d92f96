import type { Provider } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import type { ProviderFixtures } from '../shared/fixture.ts'
import { answer, bind, exchangesOf, outcomeOf } from './bind.ts'
import { createGenerator, type Generator } from './generate.ts'

const ROUNDS = 400
const STATUSES = [200, 200, 201, 204, 400, 401, 403, 404, 408, 418, 429, 500, 503, 599]
const MESSAGE_MAX = 300

/** Whatever comes back: an exchange answers or throws a fault, and lets no secret out. */
export function testGarbage(provider: Provider, fixtures: ProviderFixtures): void {
  const connection = bind(provider, fixtures)
  const secrets = Object.values(fixtures.credentials)

  describe('answers of random JSON and text', () => {
    for (const [name, exchange, input] of exchangesOf(connection, fixtures)) {
      // An upstream, or who sits between, answers with anything; also with our own credentials, to get them logged.
      test(`${name} throws nothing but faults, without a credential in them`, async () => {
        const generate = createGenerator(20_260_901, wordsOf(fixtures, secrets))
        for (let round = 0; round < ROUNDS; round += 1) {
          const body = bodyOf(generate)
          const response = answer(generate.pick(STATUSES), body, headersOf(generate))
          const { fault } = await outcomeOf(exchange, response, input)
          expect(connection.pressure?.(response) ?? null).toSatisfy(isPressure)
          if (fault === null) continue
          expect(fault.code, body).toMatch(/^upstream_/)
          expect(fault.upstream?.message?.length ?? 0).toBeLessThanOrEqual(MESSAGE_MAX)
          expect(fault.retryAfterMs ?? 1).toBeGreaterThan(0)
          const shown = `${fault.message} ${JSON.stringify(fault.upstream)}`
          for (const secret of secrets) expect(shown, body).not.toContain(secret)
          expect(typeof connection.session?.ended(fault)).toMatch(/boolean|undefined/)
        }
      })
    }
  })
}

/** The vendor's own names and values, so that random answers get past the first check. */
function wordsOf(fixtures: ProviderFixtures, secrets: readonly string[]): readonly string[] {
  const names = fixtures.answers.flatMap(
    ({ response }) => response.body.match(/[\w-]{2,40}/g) ?? [],
  )
  return [...new Set([...names, ...secrets, `token ${secrets.join(' ')} expired`])]
}

function bodyOf(generate: Generator): string {
  const text = JSON.stringify(generate.value(4)) ?? ''
  return generate.chance(0.2) ? text.slice(0, generate.below(text.length + 1)) : text
}

function headersOf(generate: Generator): Record<string, string> {
  const usage = JSON.stringify(generate.value(4)).replaceAll(/[^ -~]/g, '?')
  return {
    'Retry-After': generate.pick(['', '0', '5', '-1', 'soon', '9'.repeat(400)]),
    'x-app-usage': usage,
    'x-business-use-case-usage': usage,
    'X-Request-ID': usage.slice(0, 200),
  }
}

function isPressure(value: { usedPercent: number; regainAccessMs: number | null } | null): boolean {
  if (value === null) return true
  const { usedPercent, regainAccessMs } = value
  return usedPercent >= 0 && usedPercent <= 100 && (regainAccessMs === null || regainAccessMs > 0)
}
