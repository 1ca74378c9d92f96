import type { Bytes } from '../bytes.ts'

export type Curve = 'P-256' | 'P-384' | 'P-521'

export type PrivateKeyAlgorithm =
  | { readonly type: 'RSA'; readonly modulusBits: number }
  | { readonly type: 'EC'; readonly curve: Curve }
  | { readonly type: 'Ed25519' }

/** Both halves of a key that was read and proved, each in the one DER form that it has here. */
export interface KeyHalves {
  readonly algorithm: PrivateKeyAlgorithm
  /** PrivateKeyInfo (RFC 5208 §5) of version 0, without attributes. */
  readonly pkcs8: Bytes
  /** SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
  readonly spki: Bytes
}
