import * as z from 'zod'
import { connectionId, keyId, timestamp } from './ids.ts'
import { shownText } from './shown-text.ts'

export const signatureStatus = z.enum(['valid', 'mismatch', 'unset', 'unknown'])
const label = shownText(200)

export const newNumberBody = z.strictObject({
  connectionId,
  upstreamId: z
    .string()
    .min(1)
    .max(64)
    .describe('Graph: phone-number id. Kaleyra and On-Premises: the number in E.164'),
  label: label.nullish(),
})

export const numberPatchBody = z.strictObject({ label: label.nullable() })

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

const warning = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Warning' })

export const keySchema = z
  .object({
    numberId: z.string(),
    provider: z.string(),
    publicKey: z.string().nullable().describe('SubjectPublicKeyInfo PEM'),
    fingerprint: z
      .string()
      .nullable()
      .describe('`sha256:` and hex of SHA-256 over the DER SubjectPublicKeyInfo'),
    signatureStatus,
    keyId: z.string().nullable(),
    inSync: z.boolean().nullable(),
    publishedAt: timestamp.nullable(),
    observedAt: timestamp.nullable(),
    source: z
      .enum(['upstream', 'cache', 'published'])
      .describe('Just read; read at `observedAt`; or what Latchkey last published'),
    warnings: z.array(warning),
  })
  .meta({ id: 'EncryptionKey' })

export const publishJsonBody = z
  .union([
    z.strictObject({ publicKey: z.string().min(1).describe('PEM') }),
    z.strictObject({ keyId }),
  ])
  .describe('A public key, or a key pair that Latchkey holds')
