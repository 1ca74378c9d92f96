import { FAULTS, type FaultCode } from '@latchkey/core'
import { expect } from 'vitest'
import * as z from 'zod'
import { call, type Sent } from './client.ts'
import type { ApiHarness } from './harness.ts'

/** What the tests read of a problem; that it is all as documented is checked on every answer (`conforming`). */
const problemFields = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  instance: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).default([]),
  retryable: z.boolean(),
})
export type Problem = z.infer<typeof problemFields>

/**
 * Expects a problem that is whole: status, title and media type of its code, the request's id, the timings, and a
 * `type` that leads to a page about the code. With `pointers`, exactly these fields are told to be wrong.
 */
export async function expectProblem(
  api: ApiHarness,
  sent: Sent,
  code: FaultCode,
  pointers?: readonly string[],
): Promise<Problem> {
  expect(sent.json, sent.text).toMatchObject({ code })
  expect(sent.headers.get('content-type')).toBe('application/problem+json')
  expect(sent.headers.get('server-timing')).toMatch(/^upstream;dur=.+, storage;dur=.+, crypto;dur=/)
  const problem = problemFields.parse(sent.json)
  const { status, title } = FAULTS[code]
  expect([sent.status, problem.status, problem.title]).toEqual([status, status, title])
  expect(problem.requestId).toBe(sent.headers.get('x-request-id'))
  if (pointers !== undefined) {
    expect(problem.errors.map((each) => each.pointer).toSorted(), sent.text).toEqual(
      [...pointers].toSorted(),
    )
  }
  const page = await call(api, 'GET', new URL(problem.type).pathname, { token: null })
  expect([page.status, page.text.includes(`<code>${code}</code>`)]).toEqual([200, true])
  return problem
}

/** Expects that nothing has reached any upstream. */
export async function expectNothingSent(api: ApiHarness): Promise<void> {
  const { requests } = await api.sandbox.requests()
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([])
}
