import { createHash, pbkdf2, scrypt } from 'node:crypto'
import { type Bytes, concat } from '../../bytes.ts'
import { toBigInt, toOctets } from '../../big-integer.ts'

/** What makes guessing a passphrase slow. */
export interface Stretching {
  readonly salt: Bytes
  readonly iterations: number
}

/** Octets that MD5 and SHA-1 take at a time: the `v` of RFC 7292 §B.2. */
const HASH_BLOCK_BYTES = 64

function hash(algorithm: 'md5' | 'sha1', ...parts: readonly Uint8Array[]): Bytes {
  const hasher = createHash(algorithm)
  for (const part of parts) hasher.update(part)
  return concat(hasher.digest())
}

/** PBKDF2 (RFC 8018 §5.2). Not WebCrypto's: it has no SHA-224. */
export function derivePbkdf2(
  passphrase: Bytes,
  { salt, iterations, digest }: Stretching & { readonly digest: string },
  keyBytes: number,
): Promise<Bytes> {
  return derived((done) => pbkdf2(passphrase, salt, iterations, keyBytes, digest, done))
}

/** RFC 7914 §2: what scrypt costs, its blocks and how often it does all that. */
export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** scrypt (RFC 7914). */
export function deriveScrypt(
  passphrase: Bytes,
  { salt, N, r, p }: ScryptCost & { readonly salt: Bytes },
  keyBytes: number,
): Promise<Bytes> {
  return derived((done) => scrypt(passphrase, salt, keyBytes, { N, r, p }, done))
}

function derived(
  start: (done: (error: Error | null, key: Uint8Array) => void) => void,
): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    start((error, key) => (error === null ? resolve(concat(key)) : reject(error)))
  })
}

/** PBKDF1 (RFC 8018 §5.1): at most as many bytes as the hash has. */
export function derivePbkdf1(
  algorithm: 'md5' | 'sha1',
  passphrase: Bytes,
  { salt, iterations }: Stretching,
  keyBytes: number,
): Bytes {
  let key = hash(algorithm, passphrase, salt)
  for (let round = 1; round < iterations; round++) key = hash(algorithm, key)
  return key.subarray(0, keyBytes)
}

/** What OpenSSL calls EVP_BytesToKey with MD5 and one iteration: the key of `Proc-Type: 4,ENCRYPTED`. */
export function deriveBytesToKey(passphrase: Bytes, salt: Bytes, keyBytes: number): Bytes {
  let last = hash('md5', passphrase, salt)
  let key = last
  while (key.length < keyBytes) {
    last = hash('md5', last, passphrase, salt)
    key = concat(key, last)
  }
  return key.subarray(0, keyBytes)
}

/** What RFC 7292 §B.3 derives: the key, or the initialization vector. */
export const PKCS12_ID = { key: 1, iv: 2 } as const

/** The derivation of PKCS#12 with SHA-1 (RFC 7292 §B.2); the passphrase as a BMPString with its final zero. */
export function derivePkcs12(
  id: number,
  passphrase: Bytes,
  { salt, iterations }: Stretching,
  wantedBytes: number,
): Bytes {
  const diversifier = new Uint8Array(HASH_BLOCK_BYTES).fill(id)
  let mixed = concat(filledBlocks(salt), filledBlocks(passphrase))
  let output: Bytes = new Uint8Array()
  while (output.length < wantedBytes) {
    let round = hash('sha1', diversifier, mixed)
    for (let count = 1; count < iterations; count++) round = hash('sha1', round)
    output = concat(output, round)
    mixed = withAdded(mixed, filledBlocks(round).subarray(0, HASH_BLOCK_BYTES))
  }
  return output.subarray(0, wantedBytes)
}

/** Copies of the octets, the last cut off, up to a whole number of blocks. */
function filledBlocks(octets: Bytes): Bytes {
  const length = HASH_BLOCK_BYTES * Math.ceil(octets.length / HASH_BLOCK_BYTES)
  return Uint8Array.from({ length }, (_, at) => octets[at % octets.length] ?? 0)
}

/** Each block plus the addend plus one, modulo 2^512 (step 6C). */
function withAdded(blocks: Bytes, addend: Bytes): Bytes {
  const increment = toBigInt(addend) + 1n
  const sums: Bytes[] = []
  for (let at = 0; at < blocks.length; at += HASH_BLOCK_BYTES) {
    const block = toBigInt(blocks.subarray(at, at + HASH_BLOCK_BYTES))
    const sum = BigInt.asUintN(HASH_BLOCK_BYTES * 8, block + increment)
    sums.push(toOctets(sum, HASH_BLOCK_BYTES))
  }
  return concat(...sums)
}
