import type { Bytes } from '../../bytes.ts'
import { type DerElement, TAG } from '../../der/element.ts'
import { contentOf, isNull, membersOf, objectIdentifier } from '../../der/values.ts'
import { toUtf8 } from '../../encoding.ts'
import { KeyFormatError } from '../../key-format-error.ts'
import {
  MAX_PBKDF2_ITERATIONS,
  MAX_SCRYPT_BLOCK_SIZE,
  MAX_SCRYPT_COST,
  readCount,
  readIterations,
} from './caps.ts'
import { AES_128, AES_192, AES_256, type Cipher, DES, DES_EDE3 } from './cipher.ts'
import { derivePbkdf2, deriveScrypt } from './derivation.ts'
import { type Lock, requireWhole, unlock } from './lock.ts'
import { unsupported } from './titles.ts'

/** RFC 8018 §A.2 and RFC 7914 §7. */
const PBKDF2 = '1.2.840.113549.1.5.12'
const SCRYPT = '1.3.6.1.4.1.11591.4.11'

/** RFC 8018 §B.1.2. SHA-512/224 and MD5 are not on all runtimes. */
const HMAC_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
  ['1.2.840.113549.2.13', 'sha512-256'],
])

/** RFC 8018 §B.2 and RFC 3565 §4.1. */
const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['1.3.14.3.2.7', DES],
  ['1.2.840.113549.3.7', DES_EDE3],
  ['2.16.840.1.101.3.4.1.2', AES_128],
  ['2.16.840.1.101.3.4.1.22', AES_192],
  ['2.16.840.1.101.3.4.1.42', AES_256],
])

interface Derivation {
  /** Where the file says so. */
  readonly keyBytes: number | null
  readonly derive: (passphrase: Bytes, keyBytes: number) => Promise<Bytes>
}

/** A key encrypted by PBES2 (RFC 8018 §6.2). @throws KeyFormatError */
export function readPbes2(parameters: DerElement | undefined, ciphertext: Bytes): Lock {
  const [derivation, scheme, ...more] = membersOf(parameters, 'PBES2 parameters')
  if (more.length > 0) throw new KeyFormatError('PBES2 parameters have trailing bytes')
  const { cipher, iv } = readCipher(scheme)
  const { keyBytes, derive } = readDerivation(derivation)
  if (keyBytes !== null && keyBytes !== cipher.keyBytes) {
    throw new KeyFormatError(`its key length is ${keyBytes} bytes, expected ${cipher.keyBytes}`)
  }
  const encrypted = requireWhole(cipher, iv, ciphertext)
  return async (passphrase) => unlock(encrypted, await derive(toUtf8(passphrase), cipher.keyBytes))
}

function readCipher(scheme: DerElement | undefined): { cipher: Cipher; iv: Bytes } {
  const [identifier, iv] = membersOf(scheme, 'encryption scheme')
  const oid = objectIdentifier(identifier, 'encryption scheme')
  const cipher = CIPHERS.get(oid)
  if (cipher === undefined) throw unsupported('encryption', oid)
  return { cipher, iv: contentOf(iv, TAG.octetString, 'initialization vector') }
}

function readDerivation(derivation: DerElement | undefined): Derivation {
  const [identifier, parameters] = membersOf(derivation, 'key derivation')
  const oid = objectIdentifier(identifier, 'key derivation')
  if (oid === PBKDF2) return readPbkdf2(parameters)
  if (oid === SCRYPT) return readScrypt(parameters)
  throw unsupported('key derivation', oid)
}

/** RFC 8018 §A.2: a key length may be there; without a function, it is HMAC with SHA-1. */
function readPbkdf2(parameters: DerElement | undefined): Derivation {
  const [saltElement, count, ...rest] = membersOf(parameters, 'PBKDF2 parameters')
  const [length, prf] = rest[0]?.tag === TAG.integer ? rest : [undefined, ...rest]
  const salt = contentOf(saltElement, TAG.octetString, 'salt')
  const iterations = readIterations(count, MAX_PBKDF2_ITERATIONS, 'Cloudflare Workers allow')
  const digest = prf === undefined ? 'sha1' : readDigest(prf)
  return {
    keyBytes: length === undefined ? null : readCount(length, 'key length'),
    derive: (passphrase, keyBytes) =>
      derivePbkdf2(passphrase, { salt, iterations, digest }, keyBytes),
  }
}

function readDigest(prf: DerElement): string {
  const [identifier, parameters, ...more] = membersOf(prf, 'pseudorandom function')
  const oid = objectIdentifier(identifier, 'pseudorandom function')
  const digest = HMAC_DIGESTS.get(oid)
  if (digest === undefined) throw unsupported('pseudorandom function', oid)
  if ((parameters !== undefined && !isNull(parameters)) || more.length > 0) {
    throw new KeyFormatError('its pseudorandom function has parameters')
  }
  return digest
}

/** RFC 7914 §7.1. */
function readScrypt(parameters: DerElement | undefined): Derivation {
  const [saltElement, ...rest] = membersOf(parameters, 'scrypt parameters')
  const salt = contentOf(saltElement, TAG.octetString, 'salt')
  const N = readCount(rest[0], 'scrypt cost')
  const r = readCount(rest[1], 'scrypt block size')
  const p = readCount(rest[2], 'scrypt parallelization')
  if (N * r * p > MAX_SCRYPT_COST) {
    throw new KeyFormatError(`its scrypt cost N·r·p is above ${MAX_SCRYPT_COST}`)
  }
  if (r > MAX_SCRYPT_BLOCK_SIZE) {
    throw new KeyFormatError(`its scrypt block size is above ${MAX_SCRYPT_BLOCK_SIZE}`)
  }
  // RFC 7914 §6: a power of two, and less than 2^(128·r/8).
  if (N < 2 || N >= 2 ** (16 * r) || !Number.isInteger(Math.log2(N))) {
    throw new KeyFormatError('its scrypt cost is not a power of two that its block size allows')
  }
  return {
    keyBytes: rest[3] === undefined ? null : readCount(rest[3], 'key length'),
    derive: (passphrase, keyBytes) => deriveScrypt(passphrase, { salt, N, r, p }, keyBytes),
  }
}
