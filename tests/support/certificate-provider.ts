import type {
  BundleInspection,
  CertificateInspector,
  CertificateKind,
  Exchange,
  OperationName,
  OperationShapes,
  Operations,
  Provider,
} from '@latchkey/core'
import * as z from 'zod'
import { QUOTA } from './certificate-upstream.ts'

/** Stands for the private key in what is uploaded. */
export const KEY_LINE = 'PRIVATEKEYPRIVATEKEY'

/** A bundle of this name, its key in it. */
export function pemNamed(name: string): string {
  return `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----\n${certificateNamed(name)}`
}

export function certificateNamed(name: string): string {
  return `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`
}

/** Takes everything, and reads a certificate's name as all that it says. */
export function modelInspector(notAfter: number): CertificateInspector {
  const describe: CertificateInspector['describe'] = async (certificate) => {
    const name = /CERTIFICATE-----\n(.*)\n/.exec(String(certificate))?.[1] ?? ''
    return {
      subject: `CN=${name}`,
      issuer: 'CN=Issuer',
      subjectAlternativeNames: [],
      notBefore: 0,
      notAfter,
      serialNumber: '01',
      key: 'RSA 2048',
      signatureAlgorithm: 'ecdsa-with-SHA256',
      isAuthority: false,
      isSelfSigned: false,
      keyUsage: null,
      extendedKeyUsage: null,
      fingerprint: `sha256:${name}`,
    }
  }
  return {
    describe,
    async inspect({ pem }): Promise<BundleInspection> {
      return { verdict: 'pass', findings: [], certificates: [], normalizedPem: pem }
    },
  }
}

const none: CertificateKind = {
  purpose: 'server',
  slot: null,
  isListed: true,
  upload: {},
  canApply: false,
  canRemove: false,
  canActivate: false,
  canRenew: false,
  quota: null,
  afterUpload: null,
}

/** Many certificates, each with an id. */
export const LISTED: readonly CertificateKind[] = [
  { ...none, quota: QUOTA, canApply: true, canRemove: true, canActivate: true },
]

/** One that cannot be asked after, and one that can. */
export const SLOTS: readonly CertificateKind[] = [
  { ...none, slot: 'server', isListed: false },
  { ...none, purpose: 'webhook-ca', slot: 'webhook-ca' },
]

/** A provider of the model's own dialect, which is the operations themselves. */
export function certificateProvider(kinds: readonly CertificateKind[]): Provider {
  const names: OperationName[] =
    kinds === SLOTS
      ? ['certificate.list', 'certificate.upload']
      : [
          'certificate.list',
          'certificate.get',
          'certificate.stage',
          'certificate.upload',
          'certificate.apply',
          'certificate.remove',
          'certificate.activate',
        ]
  const operations: Operations = Object.fromEntries(names.map((name) => [name, plain(name)]))
  return {
    id: 'model',
    title: 'Model',
    lifecycle: 'active',
    config: z.strictObject({ maxConcurrent: z.number().default(16) }),
    credentials: z.strictObject({ secret: z.string() }),
    operationNames: names,
    numbers: null,
    hasDialect: false,
    limits: [],
    quirks: [],
    connect: () => ({
      origin: { baseUrl: 'https://model.example', hosts: { rule: 'operator' } },
      account: '',
      operations,
      certificates: { kinds },
    }),
  }
}

type Shape<Name extends OperationName> = Exchange<
  OperationShapes[Name]['input'],
  OperationShapes[Name]['output']
>

function plain<Name extends OperationName>(name: Name): Shape<Name> {
  return {
    repeatable: false,
    request: (input) => ({ method: 'POST', path: [name], body: JSON.stringify(input) }),
    // Written by the model in the same shape.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    respond: ({ body }) => JSON.parse(body) as OperationShapes[Name]['output'],
  }
}
