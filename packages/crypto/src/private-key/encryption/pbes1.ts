import type { Bytes } from '../../bytes.ts'
import { type DerElement, TAG } from '../../der/element.ts'
import { contentOf, membersOf } from '../../der/values.ts'
import { toUtf8 } from '../../encoding.ts'
import { KeyFormatError } from '../../key-format-error.ts'
import { MAX_PBES1_ITERATIONS, readIterations } from './caps.ts'
import { type Cipher, DES, DES_EDE, DES_EDE3 } from './cipher.ts'
import { derivePbkdf1, derivePkcs12, PKCS12_ID, type Stretching } from './derivation.ts'
import { type Lock, requireWhole, unlock } from './lock.ts'
import { toBmpString } from './passphrase.ts'

/** pbeWithMD5AndDES-CBC and pbeWithSHA1AndDES-CBC (RFC 8018 §A.3). OpenSSL 1.0 writes the first unless told otherwise. */
const PKCS5: ReadonlyMap<string, 'md5' | 'sha1'> = new Map([
  ['1.2.840.113549.1.5.3', 'md5'],
  ['1.2.840.113549.1.5.10', 'sha1'],
])

/** pbeWithSHAAnd3-KeyTripleDES-CBC and pbeWithSHAAnd2-KeyTripleDES-CBC (RFC 7292 §C). */
const PKCS12: ReadonlyMap<string, Cipher> = new Map([
  ['1.2.840.113549.1.12.1.3', DES_EDE3],
  ['1.2.840.113549.1.12.1.4', DES_EDE],
])

/**
 * A key encrypted by PBES1 (RFC 8018 §6.1) or in its manner by PKCS#12; null where the scheme is another one.
 * @throws KeyFormatError
 */
export function readPbes1(
  scheme: string,
  parameters: DerElement | undefined,
  ciphertext: Bytes,
): Lock | null {
  const digest = PKCS5.get(scheme)
  if (digest !== undefined) return lockByPkcs5(digest, readParameters(parameters), ciphertext)
  const cipher = PKCS12.get(scheme)
  if (cipher !== undefined) return lockByPkcs12(cipher, readParameters(parameters), ciphertext)
  return null
}

function readParameters(parameters: DerElement | undefined): Stretching {
  const [salt, iterations, ...more] = membersOf(parameters, 'PBES1 parameters')
  if (more.length > 0) throw new KeyFormatError('PBES1 parameters have trailing bytes')
  return {
    salt: contentOf(salt, TAG.octetString, 'salt'),
    iterations: readIterations(iterations, MAX_PBES1_ITERATIONS, 'is taken with PBES1'),
  }
}

/** One derivation gives key and initialization vector. */
function lockByPkcs5(digest: 'md5' | 'sha1', stretching: Stretching, ciphertext: Bytes): Lock {
  requireWhole(DES, new Uint8Array(DES.blockBytes), ciphertext)
  return (passphrase) => {
    const length = DES.keyBytes + DES.blockBytes
    const both = derivePbkdf1(digest, toUtf8(passphrase), stretching, length)
    const iv = both.slice(DES.keyBytes)
    return unlock(requireWhole(DES, iv, ciphertext), both.subarray(0, DES.keyBytes))
  }
}

function lockByPkcs12(cipher: Cipher, stretching: Stretching, ciphertext: Bytes): Lock {
  requireWhole(cipher, new Uint8Array(cipher.blockBytes), ciphertext)
  return async (passphrase) => {
    for (const text of spellings(passphrase)) {
      const bmp = toBmpString(text)
      const iv = derivePkcs12(PKCS12_ID.iv, bmp, stretching, cipher.blockBytes)
      const key = derivePkcs12(PKCS12_ID.key, bmp, stretching, cipher.keyBytes)
      const opened = await unlock(requireWhole(cipher, iv, ciphertext), key)
      if (opened !== null) return opened
    }
    return null
  }
}

/** OpenSSL before 1.1 made a character of each byte of the passphrase, in UTF-8 mostly: "é" became "Ã©". */
function spellings(passphrase: string): readonly string[] {
  const bytewise = String.fromCharCode(...toUtf8(passphrase))
  return bytewise === passphrase ? [passphrase] : [passphrase, bytewise]
}
