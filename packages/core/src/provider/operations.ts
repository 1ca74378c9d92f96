import type { PublicKey, KeyReading } from '../public-key.ts'
import type { CertificatePurpose, DnsAccess, ListedCertificate } from './certificates.ts'
import type { Exchange } from './exchange.ts'

/** A number as the upstream lists it. */
export interface ListedNumber {
  readonly upstreamId: string
  readonly label: string | null
}

/** Where an operation takes or gives nothing beyond having been done. */
export type Nothing = Readonly<Record<string, never>>

/** The operations that there are, with what goes in and what comes out. */
export interface OperationShapes {
  'encryptionKey.publish': {
    input: { readonly upstreamId: string; readonly publicKey: PublicKey }
    output: Nothing
  }
  'encryptionKey.read': { input: { readonly upstreamId: string }; output: KeyReading }
  'numbers.list': {
    input: { readonly cursor: string | null }
    output: { readonly numbers: readonly ListedNumber[]; readonly nextCursor: string | null }
  }
  'connection.check': { input: Nothing; output: Nothing }
  /** Pages of the certificates of one purpose; empty where there is none. */
  'certificate.list': {
    input: { readonly purpose: CertificatePurpose; readonly cursor: string | null }
    output: {
      readonly certificates: readonly ListedCertificate[]
      readonly nextCursor: string | null
    }
  }
  /** Those of the ids that there still are. */
  'certificate.get': {
    input: { readonly upstreamIds: readonly string[] }
    output: { readonly certificates: readonly ListedCertificate[] }
  }
  /** Puts a file where `certificate.upload` finds it, for upstreams that want the two apart. */
  'certificate.stage': {
    input: { readonly purpose: CertificatePurpose; readonly fileName: string; readonly pem: string }
    output: { readonly fileName: string }
  }
  /** `staged` is what `certificate.stage` answered, null where the provider has none. */
  'certificate.upload': {
    input: {
      readonly purpose: CertificatePurpose
      readonly pem: string
      readonly staged: string | null
      readonly autoRenewal: DnsAccess | null
    }
    output: { readonly name: string | null; readonly status: ListedCertificate['status'] }
  }
  'certificate.apply': {
    input: { readonly domain: string } & DnsAccess
    output: { readonly name: string | null; readonly status: ListedCertificate['status'] }
  }
  /** Turns auto-renewal on, with the DNS access it takes, or off. */
  'certificate.update': {
    input: { readonly upstreamId: string; readonly autoRenewal: DnsAccess | null }
    output: Nothing
  }
  'certificate.remove': {
    input: { readonly purpose: CertificatePurpose; readonly upstreamId: string }
    output: Nothing
  }
  'certificate.activate': { input: { readonly name: string }; output: Nothing }
}

export type OperationName = keyof OperationShapes

export type Operations = {
  readonly [Name in OperationName]?: Exchange<
    OperationShapes[Name]['input'],
    OperationShapes[Name]['output']
  >
}
