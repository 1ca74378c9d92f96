import type { Instant } from './instant.ts'
import type { JsonObject } from './ledger/ledger.ts'
import type { PublicKey } from './public-key.ts'

/** Wall-clock time. It may jump, also backwards: nothing may rely on it for order. */
export interface Clock {
  now(): Instant
  /** Resolves after `ms` of the clock's own time. */
  sleep(ms: number): Promise<void>
}

export interface Random {
  /** Cryptographically strong bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>
  /** Uniform in [0, 1); for jitter alone. */
  fraction(): number
}

/** A key pair that was just made. */
export interface NewKeyPair {
  readonly publicKey: PublicKey
  /** PKCS#8 (RFC 5208) as PEM; a secret. */
  readonly privateKey: string
}

/** Makes RSA key pairs of 2048 bits, which takes tens of milliseconds and more. */
export interface KeyMaker {
  generate(): Promise<NewKeyPair>
}

/** Seals secrets for storage, bound to the place where they are kept: elsewhere they do not open. */
export interface Sealer {
  seal(plaintext: string, place: string): Promise<string>
  /** @throws Fault internal where it was sealed for another place, by an unknown key, or was altered */
  open(sealed: string, place: string): Promise<string>
}

/**
 * The headers of a webhook as Standard Webhooks 1.0 has them.
 * @param at when this attempt is made
 * @param secrets those that are live (`whsec_…`); each signs
 */
export type SignWebhook = (
  message: { readonly id: string; readonly at: Instant; readonly body: string },
  secrets: readonly string[],
) => Promise<Readonly<Record<string, string>>>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Structured log lines. Values are already free of secrets: the logger redacts nothing. */
export interface Logger {
  log(
    level: LogLevel,
    message: string,
    fields?: Readonly<Record<string, string | number | boolean | null>>,
  ): void
}

/** Signs with Ed25519 (RFC 8032), as compact JWS (RFC 7515). */
export interface Signer {
  generate(): Promise<{ readonly publicJwk: JsonObject; readonly privateJwk: string }>
  /** A compact JWS whose payload is this text. */
  sign(payload: string, privateJwk: string): Promise<string>
  /** The payload of a JWS that this key signed; null where it did not. */
  verify(jws: string, publicJwk: JsonObject): Promise<string | null>
}
