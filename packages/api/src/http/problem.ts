import { Fault, FAULTS, isFault, type UpstreamAnswer } from '@latchkey/core'
import type * as z from 'zod'
import type { problemSchema } from '../schemas/problem.ts'
import { showFinding } from './show-finding.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export interface ProblemContext {
  /** Scheme and host that the problem pages are served from. */
  readonly origin: string
  readonly instance: string
  readonly requestId: string
}

/** A fault as it may be shown; used wherever a problem is embedded in another answer too. */
export function problemOf(fault: Fault, context: ProblemContext): z.infer<typeof problemSchema> {
  const { status, title } = FAULTS[fault.code]
  const retryAfter =
    fault.retryAfterMs === undefined ? undefined : Math.max(0, Math.ceil(fault.retryAfterMs / 1000))
  return {
    type: `${context.origin}/docs/errors/${fault.code}`,
    title,
    status,
    code: fault.code,
    detail: fault.message,
    instance: context.instance,
    requestId: context.requestId,
    ...(fault.errors.length === 0 ? {} : { errors: [...fault.errors] }),
    ...(fault.findings.length === 0 ? {} : { findings: fault.findings.map(showFinding) }),
    ...(fault.upstream === undefined ? {} : { upstream: upstreamOf(fault.upstream) }),
    retryable: fault.retryable,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

/** The answer for a fault; anything else that was thrown becomes `internal`, without a word of its text. */
export function problemResponse(
  error: unknown,
  context: ProblemContext,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const fault = isFault(error)
    ? error
    : new Fault('internal', 'Cannot answer: something went wrong inside Latchkey')
  const problem = problemOf(fault, context)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      'cache-control': 'no-store',
      ...(problem.retryAfter === undefined ? {} : { 'retry-after': String(problem.retryAfter) }),
      ...(fault.code === 'unauthenticated'
        ? { 'www-authenticate': 'Bearer realm="latchkey"' }
        : {}),
      ...headers,
    },
  })
}

function upstreamOf(answer: UpstreamAnswer): z.infer<typeof problemSchema>['upstream'] {
  return { ...answer }
}
