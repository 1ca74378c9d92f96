import type { Provider, UpstreamResponse } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import type { AnswerFixture, ProviderFixtures } from '../shared/fixture.ts'
import { answer, bind, exchangeOf, exchangesOf, outcomeOf, READS } from './bind.ts'

/** The client makes of the vendor's answers, and of what stands in their place, what the fixtures say. */
export function testAnswers(provider: Provider, fixtures: ProviderFixtures): void {
  const connection = bind(provider, fixtures)

  describe('answers', () => {
    for (const fixture of fixtures.answers) {
      test(`${fixture.name} (${fixture.source}, HTTP ${fixture.response.status})`, async () => {
        const exchange = exchangeOf(connection, fixture.operation)
        const { status, body, headers } = fixture.response
        const outcome = await outcomeOf(exchange, answer(status, body, headers), fixture.input)
        expectOutcome(outcome, fixture)
      })
    }
  })

  describe('answers that are not the vendor’s', () => {
    for (const [name, exchange, input] of exchangesOf(connection, fixtures)) {
      const strangers = STRANGERS.filter(({ response }) => !isTheVendors(name, response, fixtures))
      for (const each of strangers) {
        test(`${name}: ${each.name}`, async () => {
          const { fault } = await outcomeOf(exchange, each.response, input)
          const writes = name in connection.operations && !READS.has(name)
          const effect = writes ? each.effectOfWrite : 'no'
          expect(fault).toMatchObject({ code: each.code, effect })
          expect(fault?.upstream?.status).toBe(each.response.status)
          expect(fault?.retryAfterMs).toBe(each.retryAfterMs)
        })
      }
    }
  })
}

/** Some calls succeed with an empty body, or mean by 404 that there is nothing: the fixtures say which. */
function isTheVendors(
  operation: string,
  { status, body }: UpstreamResponse,
  { answers }: ProviderFixtures,
): boolean {
  return answers.some(
    (fixture) =>
      fixture.operation === operation &&
      fixture.response.status === status &&
      fixture.response.body === body &&
      'value' in fixture.expected,
  )
}

function expectOutcome(
  { value, fault }: Awaited<ReturnType<typeof outcomeOf>>,
  { expected, response }: AnswerFixture,
): void {
  if ('value' in expected) {
    expect(fault).toBe(null)
    expect(value).toMatchObject(expected.value)
    expect(keysOf(value)).toEqual(keysOf(expected.value))
    return
  }
  const { code, effect, retryable, upstreamCode, retryAfterMs } = expected.fault
  expect(fault).toMatchObject({ code, effect, retryable })
  expect(fault?.message).toMatch(/^Cannot [a-z].*[^.]$/)
  expect(fault?.upstream?.status).toBe(response.status)
  expect(fault?.upstream?.code).toBe(upstreamCode)
  expect(fault?.retryAfterMs).toBe(retryAfterMs)
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

const PAGE = '<!DOCTYPE html><html><body><h1>Sorry</h1></body></html>'
const HTML = { 'Content-Type': 'text/html' }

const STRANGERS = [
  stranger('HTML in a success', 200, PAGE, ['upstream_malformed', 'unknown']),
  stranger('an empty success', 200, '', ['upstream_malformed', 'unknown']),
  stranger('an empty 204', 204, '', ['upstream_malformed', 'unknown']),
  stranger('half of a JSON text', 200, '{"success": tr', ['upstream_malformed', 'unknown']),
  stranger('a list where an object belongs', 200, '[]', ['upstream_malformed', 'unknown']),
  stranger('HTML with 400', 400, PAGE, ['upstream_malformed', 'no']),
  stranger('HTML with 401', 401, PAGE, ['upstream_unauthorized', 'no']),
  stranger('HTML with 403', 403, PAGE, ['upstream_unauthorized', 'no']),
  stranger('404 without a body', 404, '', ['upstream_rejected', 'no']),
  stranger('408 without a body', 408, '', ['upstream_timeout', 'unknown']),
  stranger('HTML with 429', 429, PAGE, ['upstream_rate_limited', 'no']),
  stranger('HTML with 500', 500, PAGE, ['upstream_unavailable', 'unknown']),
  stranger('502 without a body', 502, '', ['upstream_unavailable', 'unknown']),
  {
    ...stranger('503 that says when', 503, PAGE, ['upstream_unavailable', 'unknown']),
    response: answer(503, PAGE, { ...HTML, 'Retry-After': '7' }),
    retryAfterMs: 7_000,
  },
]

function stranger(
  name: string,
  status: number,
  body: string,
  [code, effectOfWrite]: readonly [string, 'no' | 'unknown'],
) {
  const retryAfterMs: number | undefined = undefined
  return { name, response: answer(status, body, HTML), code, effectOfWrite, retryAfterMs }
}
