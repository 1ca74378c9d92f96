import * as z from 'zod'
import { problemSchema } from './problem.ts'
import { timestamp } from './ids.ts'
import { numberSchema } from './number.ts'
import { shownName } from './shown-text.ts'

const name = shownName(100)
const fields = z.record(z.string(), z.unknown())

export const newConnectionBody = z.strictObject({
  provider: z.string().max(50).describe('An id of `GET /v1/providers`'),
  name,
  config: fields.default({}).describe('As the provider’s `configSchema` says'),
  credentials: fields
    .default({})
    .describe('As the provider’s `credentialsSchema` says; write-only'),
})

export const connectionPatchBody = z
  .strictObject({
    name: name.optional(),
    config: fields.optional().describe('Fields to change; null removes one'),
    credentials: fields.optional().describe('Credentials to replace; null removes one'),
  })
  .meta({ examples: [{ config: { maxConcurrent: 8, repair: null } }] })

export const connectionSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    name: z.string(),
    config: fields,
    credentials: z
      .record(z.string(), z.object({ set: z.literal(true), updatedAt: timestamp }))
      .describe('Which are set, and since when; never the values'),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Connection' })

export const checkSchema = z
  .object({
    ok: z
      .boolean()
      .nullable()
      .describe('Null: this provider has no harmless read; nothing was sent'),
    latencyMs: z.number().nullable(),
    pressure: z
      .object({ usedPercent: z.number(), regainAccessMs: z.number().nullable() })
      .nullable()
      .describe('How close the upstream says that we are to its limits'),
    problem: problemSchema.optional(),
  })
  .meta({ id: 'Check' })

export const discoverySchema = z
  .object({
    added: z.array(numberSchema),
    known: z.array(z.string()).describe('Upstream ids that were known before'),
  })
  .meta({ id: 'Discovery' })
