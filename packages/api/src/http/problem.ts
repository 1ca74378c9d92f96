import { Fault, FAULTS, isFault, type UpstreamAnswer } from '@latchkey/core'
import * as z from 'zod'
import { findingSchema, showFinding } from '../schemas/finding.ts'

export const PROBLEM_TYPE = 'application/problem+json'

export const problemSchema = z
  .object({
    type: z.string().describe('URL of the page about this code'),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(FAULTS)),
    detail: z.string(),
    instance: z.string().describe('The path that was asked for'),
    requestId: z.string(),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .describe('The fields that are wrong, by JSON Pointer (RFC 6901)'),
    findings: z
      .array(findingSchema)
      .optional()
      .describe('What was found wrong with certificates, and what was mended'),
    upstream: z
      .object({
        provider: z.string().optional(),
        status: z.int().nullable(),
        code: z.string().optional(),
        message: z.string().optional(),
        requestId: z.string().optional(),
      })
      .optional()
      .describe('What the upstream itself answered'),
    retryable: z.boolean(),
    retryAfter: z.int().optional().describe('Seconds'),
  })
  .meta({ id: 'Problem', description: 'A problem detail (RFC 9457)' })

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
