import { describe, expect, test } from 'vitest'
import { InputError } from '../shared/readers.ts'
import { pathMatches } from './match.ts'
import { parseFaultRule } from './rule.ts'

function problemOf(value: unknown): string {
  try {
    parseFaultRule(value)
    return 'none'
  } catch (error) {
    return error instanceof InputError ? error.message : 'not an InputError'
  }
}

describe('parseFaultRule()', () => {
  test('gives back a rule that is right', () => {
    const rule = {
      upstream: 'onprem',
      method: 'POST',
      path: '/v1/**',
      times: null,
      skip: 2,
      apply: { afterMs: 5 },
      latencyMs: 1,
      answerLatencyMs: 1,
      answer: { kind: 'respond', status: 500, headers: { a: 'b' }, json: [1] },
    }
    expect(parseFaultRule(rule)).toEqual(rule)
  })

  test.each([
    [null, 'The value must be a JSON object'],
    [{}, 'upstream is required'],
    [{ upstream: 'meta' }, 'upstream must be one of graph, onprem, kaleyra, pbx'],
    [{ upstream: 'graph', times: 0 }, 'times must be an integer from 1 to 9007199254740991'],
    [{ upstream: 'graph', answer: { kind: 'respond' } }, 'answer.status is required'],
    [
      { upstream: 'graph', answer: { kind: 'respond', status: 200, headers: { a: 1 } } },
      'answer.headers.a must be a string',
    ],
    [{ upstream: 'graph', delay: 1 }, 'delay is not a known field'],
    [
      { upstream: 'graph', apply: 'never' },
      'apply must be now unless answer.kind is one of reset, hang, respond, vendor-error, redirect, html',
    ],
    [{ upstream: 'graph', apply: 'later' }, 'apply must be one of now, never'],
  ])('refuses %j: %s', (value, problem) => {
    expect(problemOf(value)).toBe(problem)
  })
})

describe('pathMatches()', () => {
  test.each([
    ['/v1/users', '/v1/users', true],
    ['/*/users', '/v1/users', true],
    ['/*', '/v1/users', false],
    ['/v1/**', '/v1/users/login', true],
    ['/v1/**', '/v1', true],
    ['/v1/**', '/v2/users', false],
    ['/+1/x', '/%2B1/x', true],
    ['/%zz', '/%zz', true],
    ['/v1/users', '/v1/users/', false],
  ] as const)('%s and %s: %s', (pattern, path, expected) => {
    expect(pathMatches(pattern, path)).toBe(expected)
  })
})
