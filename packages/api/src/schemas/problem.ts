import { FAULTS } from '@latchkey/core'
import * as z from 'zod'
import { findingSchema } from './finding.ts'
import { upstreamAnswerSchema } from './upstream-answer.ts'

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
    upstream: upstreamAnswerSchema.optional().describe('What the upstream itself answered'),
    retryable: z.boolean(),
    retryAfter: z.int().optional().describe('Seconds'),
  })
  .meta({ id: 'Problem', description: 'A problem detail (RFC 9457)' })
