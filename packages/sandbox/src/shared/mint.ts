import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { Instant } from '@latchkey/core'

/** What a certificate is to say; times in milliseconds since the epoch, before 2050. */
export interface CertificateDraft {
  readonly commonName: string
  readonly organization?: string
  readonly organizationalUnit?: string
  readonly dnsNames?: readonly string[]
  readonly ca?: boolean
  readonly notBefore: Instant
  readonly notAfter: Instant
}

export interface Minted {
  readonly draft: CertificateDraft
  /** PEM. */
  readonly certificate: string
  /** PKCS#8 PEM of an ECDSA key on P-256. */
  readonly privateKey: string
}

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const OCTET_STRING = 0x04
const BIT_STRING = 0x03
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
/** Context tags of TBSCertificate (RFC 5280 §4.1) and of a GeneralName that is a DNS name. */
const VERSION = 0xa0
const EXTENSIONS = 0xa3
const DNS_NAME = 0x82

const VERSION_3 = Buffer.from([INTEGER, 1, 2])
const TRUE = Buffer.from([0x01, 1, 0xff])
const ECDSA_WITH_SHA256 = tlv(SEQUENCE, Buffer.from('06082a8648ce3d040302', 'hex'))
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const ORGANIZATION = Buffer.from('060355040a', 'hex')
const ORGANIZATIONAL_UNIT = Buffer.from('060355040b', 'hex')
const SUBJECT_ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex')
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex')

/** Makes a key and a certificate for it, signed by `issuer`, or by itself where none is given. */
export function mintCertificate(draft: CertificateDraft, issuer?: Minted): Minted {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const signed = tlv(
    SEQUENCE,
    tlv(VERSION, VERSION_3),
    // The first byte makes the serial positive and its encoding the shortest.
    tlv(INTEGER, Buffer.concat([Buffer.from([0x40]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer?.draft ?? draft),
    tlv(SEQUENCE, timeOf(draft.notBefore), timeOf(draft.notAfter)),
    nameOf(draft),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(EXTENSIONS, tlv(SEQUENCE, ...extensionsOf(draft))),
  )
  const signature = sign('sha256', signed, issuer?.privateKey ?? privateKey)
  const der = tlv(SEQUENCE, signed, ECDSA_WITH_SHA256, bitString(signature))
  return { draft, certificate: pemOf(der), privateKey }
}

function nameOf(draft: CertificateDraft): Buffer {
  const attributes: readonly [Buffer, string | undefined][] = [
    [ORGANIZATION, draft.organization],
    [ORGANIZATIONAL_UNIT, draft.organizationalUnit],
    [COMMON_NAME, draft.commonName],
  ]
  const sets = attributes.flatMap(([type, value]) =>
    value === undefined
      ? []
      : [tlv(SET, tlv(SEQUENCE, type, tlv(UTF8_STRING, Buffer.from(value))))],
  )
  return tlv(SEQUENCE, ...sets)
}

function extensionsOf({ ca = false, dnsNames = [] }: CertificateDraft): readonly Buffer[] {
  const constraints = tlv(OCTET_STRING, tlv(SEQUENCE, ...(ca ? [TRUE] : [])))
  const names = dnsNames.map((name) => tlv(DNS_NAME, Buffer.from(name)))
  return [
    tlv(SEQUENCE, BASIC_CONSTRAINTS, TRUE, constraints),
    ...(names.length === 0
      ? []
      : [tlv(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, tlv(OCTET_STRING, tlv(SEQUENCE, ...names)))]),
  ]
}

/** YYMMDDHHMMSSZ (RFC 5280 §4.1.2.5.1). */
function timeOf(instant: Instant): Buffer {
  const digits = new Date(instant).toISOString().replaceAll(/\D/g, '').slice(2, 14)
  return tlv(UTC_TIME, Buffer.from(`${digits}Z`))
}

function bitString(bytes: Buffer): Buffer {
  return tlv(BIT_STRING, Buffer.from([0]), bytes)
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
