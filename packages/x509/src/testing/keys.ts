import type { Bytes } from '@latchkey/crypto'
import { explicit, integer, nothing, oid, sequence } from './der.ts'

/** A way to sign: the AlgorithmIdentifier, and what WebCrypto has to be told. */
export interface Signing {
  readonly identifier: Bytes
  readonly generate: EcKeyGenParams | RsaHashedKeyGenParams | { readonly name: 'Ed25519' }
  readonly sign: EcdsaParams | RsaPssParams | { readonly name: string }
}

const ecdsa = (namedCurve: string, hash: string, type: string): Signing => ({
  identifier: sequence(oid(type)),
  generate: { name: 'ECDSA', namedCurve },
  sign: { name: 'ECDSA', hash },
})

const rsa = (name: string, hash: string, identifier: Bytes, sign: Signing['sign']): Signing => ({
  identifier,
  generate: { name, hash, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  sign,
})

const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing)

/** RSASSA-PSS-params with SHA-256 throughout. */
export const pssParameters = (saltLength: number): Bytes =>
  sequence(
    explicit(0, SHA256),
    explicit(1, sequence(oid('1.2.840.113549.1.1.8'), SHA256)),
    explicit(2, integer(saltLength)),
  )

export const SIGNINGS = {
  p256: ecdsa('P-256', 'SHA-256', '1.2.840.10045.4.3.2'),
  p384: ecdsa('P-384', 'SHA-384', '1.2.840.10045.4.3.3'),
  p521: ecdsa('P-521', 'SHA-512', '1.2.840.10045.4.3.4'),
  p256Sha512: ecdsa('P-256', 'SHA-512', '1.2.840.10045.4.3.4'),
  ed25519: {
    identifier: sequence(oid('1.3.101.112')),
    generate: { name: 'Ed25519' },
    sign: { name: 'Ed25519' },
  },
  rsa: rsa('RSASSA-PKCS1-v1_5', 'SHA-256', sequence(oid('1.2.840.113549.1.1.11'), nothing), {
    name: 'RSASSA-PKCS1-v1_5',
  }),
  rsaSha1: rsa('RSASSA-PKCS1-v1_5', 'SHA-1', sequence(oid('1.2.840.113549.1.1.5'), nothing), {
    name: 'RSASSA-PKCS1-v1_5',
  }),
  pss: rsa('RSA-PSS', 'SHA-256', sequence(oid('1.2.840.113549.1.1.10'), pssParameters(32)), {
    name: 'RSA-PSS',
    saltLength: 32,
  }),
} as const satisfies Record<string, Signing>

export interface Keys {
  readonly signing: Signing
  readonly privateKey: CryptoKey
  readonly spki: Bytes
}

export async function generateKeys(signing: Signing = SIGNINGS.p256): Promise<Keys> {
  const pair = await crypto.subtle.generateKey(signing.generate, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('Cannot generate keys: they are no pair')
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
  return { signing, privateKey: pair.privateKey, spki }
}

export async function signatureOver(data: Bytes, { signing, privateKey }: Keys): Promise<Bytes> {
  const raw = new Uint8Array(await crypto.subtle.sign(signing.sign, privateKey, data))
  if (signing.sign.name !== 'ECDSA') return raw
  const half = raw.length / 2
  return sequence(positive(raw.subarray(0, half)), positive(raw.subarray(half)))
}

function positive(octets: Uint8Array): Bytes {
  const first = octets.findIndex((octet) => octet !== 0)
  const digits = octets.subarray(first)
  return integer((digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : digits)
}

/** Any octets do that tell one key from another (RFC 5280 §4.2.1.2); here of its SubjectPublicKeyInfo. */
export async function keyIdentifierOf({ spki }: Keys): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', spki)).slice(0, 20)
}
