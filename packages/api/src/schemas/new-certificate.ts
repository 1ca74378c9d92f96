import * as z from 'zod'
import { dnsAccess, EXAMPLE_DNS } from './dns-access.ts'
import { fileName } from './shown-text.ts'

/** RFC 1035 §2.3.4; the first label may be a wildcard (RFC 8555 §7.1.3). */
const DOMAIN_MAX = 253
const DOMAIN = /^(?:\*\.)?(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/i

const EXAMPLE_PEM =
  '-----BEGIN CERTIFICATE-----\nMIIDBTCCAe2gAwIBAgIU…\n-----END CERTIFICATE-----\n'
const EXAMPLE_KEY =
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG…\n-----END PRIVATE KEY-----\n'

export const uploadedPurpose = z.enum(['server', 'webhook-ca', 'trusted-ca'])

/** Upstreams keep it as a file's name, and some know a certificate by it. */
export const certificateName = fileName(128)

const activate = z.boolean().default(false).describe('Put it in use, where the upstream can')

const uploadBody = z.strictObject({
  purpose: uploadedPurpose,
  name: certificateName.exactOptional(),
  source: z.strictObject({
    type: z.literal('upload'),
    pem: z
      .string()
      .min(1)
      .describe('Certificates, the private key of a server’s possibly with them'),
    privateKey: z.string().min(1).exactOptional().describe('Write-only: PEM, encrypted or not'),
    passphrase: z.string().min(1).max(1024).exactOptional().describe('Write-only'),
  }),
  autoRenewal: z.strictObject(dnsAccess).exactOptional(),
  activate,
  force: z
    .boolean()
    .default(false)
    .describe('Send it in spite of errors; needs the scope `admin`, and is recorded'),
})

const applyBody = z.strictObject({
  purpose: z.literal('server'),
  source: z.strictObject({
    type: z.literal('apply'),
    domain: z
      .string()
      .max(DOMAIN_MAX)
      .toLowerCase()
      .regex(DOMAIN, 'Must be a host name such as pbx.example.com or *.example.com'),
    ...dnsAccess,
  }),
  activate,
})

/** Which of the two a body is: told by this alone, so that what is wrong with it is told by its own schema. */
export const sourceBody = z.object({ source: z.object({ type: z.enum(['upload', 'apply']) }) })

export const NEW_CERTIFICATE = { upload: uploadBody, apply: applyBody }

export const newCertificateBody = z
  .union([uploadBody, applyBody])
  .describe('A certificate to upload, or one that the upstream is to obtain by itself')
  .meta({
    examples: [
      {
        purpose: 'server',
        name: 'pbx.example.com.pem',
        source: { type: 'upload', pem: EXAMPLE_PEM, privateKey: EXAMPLE_KEY },
        activate: true,
      },
      { purpose: 'trusted-ca', source: { type: 'upload', pem: EXAMPLE_PEM } },
      {
        purpose: 'server',
        source: { type: 'apply', domain: 'pbx.example.com', ...EXAMPLE_DNS },
      },
    ],
  })

export const certificatePatchBody = z
  .strictObject({
    autoRenewal: z
      .strictObject(dnsAccess)
      .nullable()
      .describe('Null turns it off; otherwise the DNS access that it takes'),
  })
  .meta({ examples: [{ autoRenewal: EXAMPLE_DNS }, { autoRenewal: null }] })
