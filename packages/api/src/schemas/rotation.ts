import { ENTRY_STATUSES, ROTATION_STATUSES } from '@latchkey/core'
import * as z from 'zod'
import { connectionId, keyId, numberId, timestamp } from './ids.ts'
import { upstreamAnswerSchema } from './upstream-answer.ts'

/** Twice what a projection of the reads may be late, and enough for a late write to land. */
const OVERLAP_SECONDS_MIN = 300
const OVERLAP_SECONDS_DEFAULT = 86_400
/** A year. */
const OVERLAP_SECONDS_MAX = 31_536_000
const NUMBERS_MAX = 100_000

const selector = z.union([
  z.strictObject({ all: z.literal(true) }),
  z
    .strictObject({
      connectionId: connectionId.optional(),
      provider: z.string().max(50).optional(),
      all: z.literal(true).optional(),
    })
    .refine((asked) => asked.connectionId !== undefined || asked.provider !== undefined, {
      message: 'Must name a connectionId or a provider, or be {"all": true}',
    }),
])

const wantedKey = z.union([
  z.strictObject({ generate: z.enum(['per-number', 'shared']) }),
  z.strictObject({ keyId }),
])

export const rotationOverlap = z
  .int()
  .min(OVERLAP_SECONDS_MIN)
  .max(OVERLAP_SECONDS_MAX)
  .default(OVERLAP_SECONDS_DEFAULT)
  .describe('How long the keys that are replaced still open what was encrypted for them')

export const newRotationBody = z
  .strictObject({
    numbers: z
      .union([z.array(numberId).min(1).max(NUMBERS_MAX), selector])
      .describe(
        'Which numbers get a new key: their ids, or those of a connection, a provider, all',
      ),
    key: wantedKey.describe('A new key for each or for all of them, or one of the key ring'),
    overlapSeconds: rotationOverlap,
    dryRun: z
      .boolean()
      .default(false)
      .describe('Only say what it would be for; key pairs for it are made ahead'),
  })
  .meta({
    examples: [
      {
        numbers: { connectionId: 'con_4mpz2rhgq1xenpwc' },
        key: { generate: 'per-number' },
        overlapSeconds: 86_400,
      },
    ],
  })

const counts = z
  .object({
    total: z.int(),
    pending: z.int(),
    published: z
      .int()
      .describe('Taken by the upstream, and not seen there: not yet, or it has no safe read'),
    verified: z.int().describe('Read back'),
    failed: z.int(),
    superseded: z.int().describe('Somebody else has published another key meanwhile'),
  })
  .describe('Numbers by their status; together they are `total`')

export const rotationSchema = z
  .object({
    id: z.string(),
    status: z.enum(ROTATION_STATUSES),
    counts,
    key: z
      .union([
        z.object({ generate: z.literal('per-number') }),
        z.object({ keyId: z.string() }),
        z.object({ rollbackOf: z.string() }),
      ])
      .describe('What the numbers get'),
    overlapSeconds: z.int(),
    startedAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Rotation' })

export const dryRunSchema = z
  .object({ id: z.null(), dryRun: z.literal(true), counts })
  .meta({ id: 'RotationDryRun' })

export const rotationNumberSchema = z
  .object({
    numberId: z.string(),
    connectionId: z.string(),
    status: z.enum(ENTRY_STATUSES),
    keyId: z.string().nullable(),
    previousFingerprint: z
      .string()
      .nullable()
      .describe('Of the key that was, or will be, replaced'),
    problem: z
      .object({
        code: z.string(),
        detail: z.string(),
        upstream: upstreamAnswerSchema.optional(),
      })
      .nullable()
      .describe('Why it failed'),
  })
  .meta({ id: 'RotationNumber' })

export const rotationNumberStatus = z.enum(ENTRY_STATUSES)
export const rotationStatus = z.enum(ROTATION_STATUSES)
