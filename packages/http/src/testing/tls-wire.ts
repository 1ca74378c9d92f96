import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'

/** A length in so many octets, and what it measures. */
export function vector(octets: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length = Buffer.alloc(octets)
  length.writeUIntBE(content.length, 0, octets)
  return Buffer.concat([length, content])
}

export function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

/** A handshake message (RFC 8446 §4). */
export function message(type: number, ...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.of(type), vector(3, ...parts)])
}

/** A record that is not encrypted (RFC 8446 §5.1). */
export function plainRecord(type: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(type), bytes('0303'), vector(2, content)])
}

export interface TlsRecord {
  readonly type: number
  readonly header: Buffer
  readonly content: Buffer
}

/** Takes the whole records off the front of what arrived. */
export function takeRecords(arrived: Buffer): { records: TlsRecord[]; rest: Buffer } {
  const records: TlsRecord[] = []
  let rest = arrived
  while (rest.length >= 5 && rest.length >= 5 + rest.readUInt16BE(3)) {
    const end = 5 + rest.readUInt16BE(3)
    const [header, content] = [rest.subarray(0, 5), rest.subarray(5, end)]
    records.push({ type: header.readUInt8(0), header, content })
    rest = rest.subarray(end)
  }
  return { records, rest }
}

const HASH_BYTES = 32
const TAG_BYTES = 16

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

export function hmac(key: Uint8Array, data: Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

/** HKDF-Expand-Label (RFC 8446 §7.1). */
export function expandLabel(
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const info = Buffer.concat([
    Buffer.of(0, length),
    vector(1, Buffer.from(`tls13 ${label}`)),
    vector(1, context),
    Buffer.of(1),
  ])
  return hmac(secret, info).subarray(0, length)
}

/** The two handshake traffic secrets of TLS 1.3 without a pre-shared key (RFC 8446 §7.1). */
export function handshakeSecrets(
  shared: Uint8Array,
  transcript: Uint8Array,
): { readonly client: Buffer; readonly server: Buffer } {
  const zeros = Buffer.alloc(HASH_BYTES)
  const derived = expandLabel(hmac(zeros, zeros), 'derived', sha256(), HASH_BYTES)
  const secret = hmac(derived, shared)
  const of = (label: string) => expandLabel(secret, label, sha256(transcript), HASH_BYTES)
  return { client: of('c hs traffic'), server: of('s hs traffic') }
}

/** The first encrypted record of one direction, under TLS_AES_128_GCM_SHA256 (RFC 8446 §5.2). */
export function seal(secret: Uint8Array, type: number, content: Uint8Array): Buffer {
  const inner = Buffer.concat([content, Buffer.of(type)])
  const header = Buffer.concat([bytes('170303'), Buffer.alloc(2)])
  header.writeUInt16BE(inner.length + TAG_BYTES, 3)
  const cipher = createCipheriv('aes-128-gcm', ...keyOf(secret)).setAAD(header)
  return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()])
}

/** The content type inside the first encrypted record of one direction. */
export function typeInside(secret: Uint8Array, { header, content }: TlsRecord): number {
  const decipher = createDecipheriv('aes-128-gcm', ...keyOf(secret)).setAAD(header)
  decipher.setAuthTag(content.subarray(-TAG_BYTES))
  const inner = Buffer.concat([decipher.update(content.subarray(0, -TAG_BYTES)), decipher.final()])
  return inner.at(-1) ?? 0
}

function keyOf(secret: Uint8Array): [key: Buffer, iv: Buffer] {
  const none = Buffer.alloc(0)
  return [expandLabel(secret, 'key', none, 16), expandLabel(secret, 'iv', none, 12)]
}
