import { TRIGGER_ACTIONS } from '@latchkey/core'
import * as z from 'zod'
import { certificateId, connectionId, numberId, timestamp } from './ids.ts'
import { uploadedPurpose } from './new-certificate.ts'
import { rotationOverlap } from './rotation.ts'
import { shownName } from './shown-text.ts'

/** More are better told by their connection. */
const NUMBERS_MAX = 1_000

const target = z
  .union([
    z.strictObject({ numberId }),
    z.strictObject({ certificateId }),
    z.strictObject({ numbers: z.array(numberId).min(1).max(NUMBERS_MAX) }),
    z.strictObject({ connectionId, purpose: uploadedPurpose }),
    z
      .strictObject({
        connectionId: connectionId.exactOptional(),
        provider: z.string().max(50).exactOptional(),
        all: z.literal(true).exactOptional(),
      })
      .refine((asked) => Object.keys(asked).length > 0, {
        message:
          'Must name a number, a certificate, a connection or a provider, or be {"all": true}',
      }),
  ])
  .describe(
    'A number, numbers, those of a connection, of a provider, or all; for certificates, the one to replace, or a connection with a purpose (`server`, if left out)',
  )

export const newTriggerBody = z
  .strictObject({
    name: shownName(100),
    action: z
      .enum(TRIGGER_ACTIONS)
      .describe(
        '`republish` writes the present key again, `refresh` only reads; `publish` and `deploy-certificate` take what they publish from the message',
      ),
    target,
    rotation: z
      .strictObject({
        generate: z.enum(['per-number', 'shared']).default('per-number'),
        overlapSeconds: rotationOverlap,
      })
      .exactOptional()
      .describe('How to rotate; for `rotate` alone'),
  })
  .meta({
    examples: [
      {
        name: 'Renewed by the ACME client',
        action: 'deploy-certificate',
        target: { connectionId: 'con_4mpz2rhgq1xenpwc', purpose: 'server' },
      },
      {
        name: 'Rotate all numbers of a shop',
        action: 'rotate',
        target: { connectionId: 'con_4mpz2rhgq1xenpwc' },
        rotation: { generate: 'shared', overlapSeconds: 86_400 },
      },
    ],
  })

export const triggerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    action: z.enum(TRIGGER_ACTIONS),
    target: z.record(z.string(), z.unknown()),
    rotation: z
      .object({ generate: z.enum(['per-number', 'shared']), overlapSeconds: z.int() })
      .nullable(),
    url: z.string().describe('Where its messages are sent to'),
    secrets: z
      .array(z.object({ createdAt: timestamp }))
      .describe('Those that are live, the newest first'),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Trigger' })

export const secretTriggerSchema = triggerSchema
  .extend({ secret: z.string().describe('Shown this once: `whsec_…`') })
  .meta({ id: 'TriggerWithSecret' })

const EXAMPLE_KEY = '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B…\n-----END PUBLIC KEY-----\n'
const EXAMPLE_PEM =
  '-----BEGIN CERTIFICATE-----\nMIIDBTCCAe2gAwIBAgIU…\n-----END CERTIFICATE-----\n'

export const keyMessage = z.looseObject({ publicKey: z.string().min(1) })
export const certificateMessage = z.looseObject({
  pem: z.string().min(1),
  privateKey: z.string().min(1).exactOptional(),
  passphrase: z.string().min(1).max(1024).exactOptional(),
})

/** As documented: what a message may hold beside this is passed over. */
export const triggerMessage = z
  .union([
    z.strictObject({ publicKey: z.string().min(1).describe('To publish: PEM') }),
    z.strictObject({
      pem: z
        .string()
        .min(1)
        .describe('To deploy: certificates, the private key with them or apart'),
      privateKey: z.string().min(1).exactOptional(),
      passphrase: z.string().min(1).max(1024).exactOptional(),
    }),
    z.strictObject({}),
  ])
  .meta({ examples: [{ publicKey: EXAMPLE_KEY }, { pem: EXAMPLE_PEM }, {}] })

export const firedSchema = z
  .object({
    id: z.string().describe('Of the run, as the events name it'),
    triggerId: z.string(),
    repeated: z.boolean().describe('This message was taken before, and is not done again'),
  })
  .meta({ id: 'FiredTrigger' })
