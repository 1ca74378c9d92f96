import * as z from 'zod'
import { signatureStatus } from './encryption-key.ts'
import { connectionId, timestamp } from './ids.ts'
import { shownText } from './shown-text.ts'

const label = shownText(200)

export const newNumberBody = z
  .strictObject({
    connectionId,
    upstreamId: z
      .string()
      .min(1)
      .max(64)
      .describe('Graph: phone-number id. Kaleyra and On-Premises: the number in E.164'),
    label: label.nullish(),
  })
  .meta({
    examples: [
      {
        connectionId: 'con_4mpz2rhgq1xenpwc',
        upstreamId: '106540352242922',
        label: 'Shop in Berlin',
      },
    ],
  })

export const numberPatchBody = z
  .strictObject({ label: label.nullable() })
  .meta({ examples: [{ label: 'Shop in Berlin' }] })

export const numberSchema = z
  .object({
    id: z.string(),
    connectionId: z.string(),
    provider: z.string(),
    upstreamId: z.string(),
    label: z.string().nullable(),
    fingerprint: z
      .string()
      .nullable()
      .describe('Of the key that Latchkey was last told to publish'),
    signatureStatus,
    inSync: z
      .boolean()
      .nullable()
      .describe('The upstream holds the key last asked for; null where it cannot say'),
    observedAt: timestamp.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Number' })
