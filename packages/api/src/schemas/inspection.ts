import * as z from 'zod'
import { findingSchema } from './finding.ts'
import { timestamp } from './ids.ts'

const verdict = z
  .enum(['pass', 'warn', 'fail'])
  .describe('`fail`: there is an error, and an upload would be refused')

export const inspectBody = z
  .strictObject({
    pem: z.string().min(1).describe('Certificates, the private key possibly with them'),
    privateKey: z.string().min(1).exactOptional().describe('Judged, and in no answer'),
    passphrase: z.string().min(1).max(1024).exactOptional(),
    purpose: z.enum(['server', 'webhook-ca', 'trusted-ca']).default('server'),
    hostname: z
      .string()
      .min(1)
      .max(253)
      .exactOptional()
      .describe('A host name or address that a server’s certificate has to be for'),
    roots: z
      .string()
      .min(1)
      .exactOptional()
      .describe('PEM of those to trust; without it an unknown trust anchor is a warning'),
    at: timestamp.exactOptional().describe('The time to judge for; now, where left out'),
  })
  .meta({
    examples: [
      {
        pem: '-----BEGIN CERTIFICATE-----\nMIIDBTCCAe2gAwIBAgIU…\n-----END CERTIFICATE-----\n',
        purpose: 'server',
        hostname: 'pbx.example.com',
        at: '2026-11-20T08:00:00Z',
      },
    ],
  })

export const describedCertificateSchema = z
  .object({
    subject: z.string().describe('As in RFC 4514'),
    issuer: z.string(),
    subjectAlternativeNames: z.array(z.string()),
    notBefore: timestamp,
    notAfter: timestamp,
    daysLeft: z.int(),
    serialNumber: z.string().describe('Lower-case hex'),
    key: z.string().describe('`RSA 2048`, `EC P-256`, `Ed25519`, `malformed`'),
    signatureAlgorithm: z.string(),
    isAuthority: z.boolean(),
    isSelfSigned: z.boolean(),
    keyUsage: z.array(z.string()).nullable(),
    extendedKeyUsage: z.array(z.string()).nullable(),
    fingerprint: z.string().describe('`sha256:` and hex of SHA-256 over the whole certificate'),
  })
  .meta({ id: 'DescribedCertificate' })

export const inspectionSchema = z
  .object({
    verdict,
    findings: z.array(findingSchema),
    certificates: z
      .array(describedCertificateSchema)
      .describe('Those of the bundle in its order, then those that were left out'),
    normalizedPem: z
      .string()
      .nullable()
      .describe(
        'The certificates as an upload would carry them, never with the private key; null where there is nothing whole',
      ),
  })
  .meta({ id: 'Inspection' })

export const inspectKeyBody = z
  .strictObject({ publicKey: z.string().min(1).describe('PEM') })
  .meta({
    examples: [
      {
        publicKey:
          '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A…\n-----END PUBLIC KEY-----\n',
      },
    ],
  })

export const keyInspectionSchema = z
  .object({
    verdict,
    findings: z
      .array(findingSchema)
      .describe(
        'Of an error the code is that of the problem with which a publish would be refused',
      ),
    publicKey: z.string().nullable().describe('SubjectPublicKeyInfo PEM, as it would be published'),
    fingerprint: z
      .string()
      .nullable()
      .describe('`sha256:` and hex of SHA-256 over the DER SubjectPublicKeyInfo'),
    algorithm: z.literal('RSA').nullable(),
    bits: z.int().nullable(),
  })
  .meta({ id: 'KeyInspection' })
