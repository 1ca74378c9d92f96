import { SUBSCRIPTIONS } from '@latchkey/core'
import * as z from 'zod'
import { timestamp } from './ids.ts'

const OVERLAP_SECONDS_DEFAULT = 86_400
/** A week. */
const OVERLAP_SECONDS_MAX = 604_800
const URL_LENGTH_MAX = 2048

const subscription = z
  .enum(SUBSCRIPTIONS)
  .describe('A type of `GET /v1/events`, all of a family, or all there are')

const url = z
  .string()
  .min(1)
  .max(URL_LENGTH_MAX)
  .describe('https, and not within a private network')
const events = z.array(subscription).min(1).max(SUBSCRIPTIONS.length)

export const newEndpointBody = z.strictObject({ url, events }).meta({
  examples: [{ url: 'https://hooks.example.com/latchkey', events: ['key.*', 'rotation.finished'] }],
})

export const endpointPatchBody = z
  .strictObject({
    url: url.optional(),
    events: events.optional(),
    status: z
      .enum(['enabled', 'disabled'])
      .optional()
      .describe('One that is enabled again gets what happens from then on'),
  })
  .meta({ examples: [{ events: ['*'] }] })

export const rotateSecretBody = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(OVERLAP_SECONDS_MAX)
      .default(OVERLAP_SECONDS_DEFAULT)
      .describe('How long the secret before signs as well'),
  })
  .meta({ examples: [{ overlapSeconds: OVERLAP_SECONDS_DEFAULT }] })

export const endpointSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.string()),
    connections: z
      .array(z.string())
      .nullable()
      .describe('Whose events it gets, as the token sees them that made it; null: all'),
    status: z.enum(['enabled', 'disabled']),
    disabled: z
      .object({ at: timestamp, reason: z.enum(['gone', 'request']) })
      .nullable()
      .describe('`gone`: the receiver answered 410'),
    failingSince: timestamp.nullable().describe('Since when no attempt has succeeded'),
    secrets: z
      .array(z.object({ createdAt: timestamp, expiresAt: timestamp.nullable() }))
      .describe('Those that sign, the newest first'),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'WebhookEndpoint' })

const secret = z.string().describe('`whsec_…`; shown this once')

export const createdEndpointSchema = endpointSchema
  .extend({ secret })
  .meta({ id: 'CreatedWebhookEndpoint' })

export const rotatedSecretSchema = z
  .object({
    id: z.string(),
    secret,
    previousExpiresAt: timestamp.describe('Until then the secret before signs as well'),
  })
  .meta({ id: 'RotatedWebhookSecret' })

export const deliveryStatus = z.enum(['pending', 'delivered', 'dead'])

export const deliverySchema = z
  .object({
    id: z.string(),
    event: z
      .object({ id: z.string(), type: z.string(), subject: z.string(), at: timestamp })
      .describe('Its id is the `webhook-id`'),
    status: deliveryStatus,
    reason: z
      .enum(['exhausted', 'endpoint_disabled'])
      .nullable()
      .describe('Why it is dead: every attempt failed, or the endpoint takes nothing any more'),
    attempts: z
      .array(
        z.object({
          at: timestamp,
          durationMs: z.int(),
          status: z.int().nullable().describe('Of the answer; null where there was none'),
          problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
        }),
      )
      .describe('The last ones, oldest first'),
    nextAttemptAt: timestamp
      .nullable()
      .describe('Not sooner; later while an earlier event of its subject is under way'),
    createdAt: timestamp,
    endedAt: timestamp.nullable(),
  })
  .meta({ id: 'WebhookDelivery' })
