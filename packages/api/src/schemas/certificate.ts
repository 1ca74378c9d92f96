import { CERTIFICATE_PURPOSES } from '@latchkey/core'
import * as z from 'zod'
import { timestamp } from './ids.ts'
import { warningSchema } from './warning.ts'

export const purpose = z
  .enum(CERTIFICATE_PURPOSES)
  .describe(
    '`server`: what the upstream’s own web server shows. `server-ca`: the authorities of that one, read-only. `webhook-ca`, `trusted-ca`: authorities that the upstream trusts',
  )

const certificateFields = z.object({
  id: z.string(),
  connectionId: z.string(),
  provider: z.string(),
  purpose,
  name: z.string().nullable(),
  status: z
    .enum(['pending', 'installed', 'active', 'failed'])
    .describe('`pending`: on its way. `installed`: the upstream has it. `active`: it serves it'),
  subject: z.string().nullable().describe('Of the first certificate, as in RFC 4514'),
  issuer: z.string().nullable(),
  subjectAlternativeNames: z.array(z.string()).nullable(),
  notBefore: timestamp.nullable(),
  notAfter: timestamp.nullable().describe('Of the certificate of the bundle that ends first'),
  fingerprint: z
    .string()
    .nullable()
    .describe('`sha256:` and hex of SHA-256 over the first certificate'),
  daysLeft: z.int().nullable().describe('Whole days until `notAfter`, never below 0'),
  autoRenewal: z
    .object({ enabled: z.boolean(), dnsProvider: z.string().nullable() })
    .nullable()
    .describe('Whether the upstream renews it by itself; never with the DNS parameters'),
  problem: z.string().optional().describe('Why it failed, or is not in use'),
  source: z.enum(['upload', 'apply']).nullable().describe('How it came to the upstream'),
  issuedTo: z.string().nullable().describe('The domain or name, as the upstream tells it'),
  createdAt: timestamp,
  updatedAt: timestamp,
  observedAt: timestamp.nullable().describe('When the upstream last told of it'),
})

export const EXAMPLE_CERTIFICATE = {
  id: 'crt_4mpz2rhgq1xenpwc8nhxsdzabhj6',
  connectionId: 'con_4mpz2rhgq1xenpwc',
  provider: 'an id of GET /v1/providers',
  purpose: 'server',
  name: 'pbx.example.com-7k2m9q.pem',
  status: 'installed',
  subject: 'CN=pbx.example.com',
  issuer: 'CN=Example Authority, O=Example, C=IN',
  subjectAlternativeNames: ['pbx.example.com'],
  notBefore: '2026-10-20T08:00:00.000Z',
  notAfter: '2027-01-18T08:00:00.000Z',
  fingerprint: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  daysLeft: 58,
  autoRenewal: { enabled: true, dnsProvider: 'alidns' },
  source: 'upload',
  issuedTo: 'pbx.example.com',
  createdAt: '2026-10-20T09:00:00.000Z',
  updatedAt: '2026-10-20T09:00:01.204Z',
  observedAt: '2026-11-20T08:00:00.412Z',
} as const

export const certificateSchema = certificateFields.meta({
  id: 'Certificate',
  description: 'What nobody knows is null',
  examples: [EXAMPLE_CERTIFICATE],
})

export const changedCertificateSchema = certificateFields
  .extend({ warnings: z.array(warningSchema).describe('What was found, mended, or is left to do') })
  .meta({
    id: 'ChangedCertificate',
    examples: [
      {
        ...EXAMPLE_CERTIFICATE,
        warnings: [
          { code: 'root_dropped', message: 'The root was left out: clients have their own' },
        ],
      },
    ],
  })
