import * as z from 'zod'
import { timestamp } from './ids.ts'
import { shownText } from './shown-text.ts'
import { warningSchema } from './warning.ts'

const label = shownText(200).nullish()
const PASSPHRASE_MAX = 1024

export const newKeyBody = z
  .union([
    z.strictObject({
      generate: z.literal(true).describe('An RSA key pair of 2048 bits is made'),
      label,
    }),
    z.strictObject({
      privateKey: z
        .string()
        .min(1)
        .describe('Write-only: RSA of 2048 bits as PKCS#8 or PKCS#1 PEM, encrypted or not'),
      passphrase: z.string().min(1).max(PASSPHRASE_MAX).exactOptional().describe('Write-only'),
      label,
    }),
    z.strictObject({
      publicKey: z.string().min(1).describe('PEM; its private half stays where it is'),
      label,
    }),
  ])
  .meta({ examples: [{ generate: true, label: 'Shop in Berlin' }] })

export const custody = z
  .enum(['held', 'external'])
  .describe('`held`: the private half is, or was, here; `external`: it never was')

export const keyFingerprint = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'Must be sha256: and 64 lower-case hex digits')

export const ringKeySchema = z
  .object({
    id: z.string(),
    label: z.string().nullable(),
    fingerprint: z
      .string()
      .describe('`sha256:` and hex of SHA-256 over the DER SubjectPublicKeyInfo'),
    publicKey: z.string().describe('SubjectPublicKeyInfo PEM'),
    custody,
    state: z
      .enum(['staged', 'active', 'retiring', 'retired'])
      .describe(
        '`active`: a number has it; else `staged`: one is about to, or none ever had; else `retiring`: one has replaced it, and its overlap still runs; else `retired`',
      ),
    numbers: z.array(z.string()).describe('Ids of numbers that have it, or are not done with it'),
    hasMoreNumbers: z.boolean().describe('There are more numbers than `numbers` names'),
    createdAt: timestamp,
    retiredAt: timestamp.nullable(),
    destroyedAt: timestamp.nullable().describe('When its private half was destroyed'),
  })
  .meta({ id: 'Key' })

export const addedKeySchema = ringKeySchema
  .extend({ warnings: z.array(warningSchema).describe('What was mended') })
  .meta({ id: 'AddedKey' })
