/** `sha256:` and the lower-case hex of SHA-256 over the DER SubjectPublicKeyInfo (RFC 5280 §4.1). */
export type Fingerprint = `sha256:${string}`

/** An RSA public key that has passed every check: equal keys have equal fingerprints. */
export interface PublicKey {
  /** Canonical SubjectPublicKeyInfo PEM, 64 characters a line, with a final newline. */
  readonly pem: string
  readonly fingerprint: Fingerprint
}

/** Something about the answer that the caller should know, though the call succeeded. */
export interface Warning {
  readonly code: string
  readonly message: string
}

/** A key as somebody handed it in, with every repair that made it canonical named. */
export interface SubmittedKey extends PublicKey {
  readonly repairs: readonly Warning[]
}

/** What an upstream says of the key it holds. `unknown`: it cannot say. */
export type SignatureStatus = 'valid' | 'mismatch' | 'unset' | 'unknown'

/** One read of an upstream's key. `publicKey` is null where none is set, none is told, or it cannot be parsed. */
export interface KeyReading {
  readonly status: SignatureStatus
  readonly publicKey: PublicKey | null
  /** Set where the upstream holds something that is not a readable RSA key. */
  readonly warnings: readonly Warning[]
}
