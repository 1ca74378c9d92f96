import * as z from 'zod'
import { keyId, timestamp } from './ids.ts'
import { warningSchema } from './warning.ts'

export const signatureStatus = z.enum(['valid', 'mismatch', 'unset', 'unknown'])

const EXAMPLE_PEM =
  '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A…\n-----END PUBLIC KEY-----\n'

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
    warnings: z.array(warningSchema),
  })
  .meta({
    id: 'EncryptionKey',
    examples: [
      {
        numberId: 'num_4mpz2rhgq1xenpwc8nhxsdzabhj6',
        provider: 'an id of GET /v1/providers',
        publicKey: EXAMPLE_PEM,
        fingerprint: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        signatureStatus: 'valid',
        keyId: null,
        inSync: true,
        publishedAt: '2026-10-20T08:00:00.000Z',
        observedAt: '2026-10-20T08:00:00.412Z',
        source: 'upstream',
        warnings: [],
      },
    ],
  })

export const publishJsonBody = z
  .union([
    z.strictObject({ publicKey: z.string().min(1).describe('PEM') }),
    z.strictObject({ keyId }),
  ])
  .describe('A public key, or a key pair that Latchkey holds')
  .meta({ examples: [{ publicKey: EXAMPLE_PEM }] })
