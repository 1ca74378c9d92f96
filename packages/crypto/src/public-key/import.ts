import { Fault, isFault, type PublicKey, type SubmittedKey } from '@latchkey/core'
import type { Bytes } from '../bytes.ts'
import { constantTimeEqual } from '../digest.ts'
import { EncodingError } from '../der/encoding-error.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { repairWarnings, type RepairCode } from '../pem/repairs.ts'
import { normaliseText } from '../pem/text.ts'
import { encodePem } from '../pem/write.ts'
import { readCandidates } from './candidates.ts'
import { fingerprintOf } from './spki.ts'
import { looksPrivate } from './private-text.ts'
import { encodeSpki } from './rsa.ts'
import { requireSound } from './soundness.ts'

/** Characters. A chain of 32 certificates with its `openssl -text` preambles may be longer; a key never is. */
export const MAX_KEY_TEXT = 65_536

/**
 * Reads an RSA-2048 public key from SPKI or PKCS#1 PEM, a certificate or a chain, or bare base64, mending what
 * pasting does to such texts. Every accepted spelling of a key gives the same canonical PEM and fingerprint.
 *
 * WebCrypto is not asked: Deno's takes no exponent above 2^33 and workerd's few but 3 and 65537, yet the key is
 * for the upstream's side to encrypt with.
 * @throws Fault key_is_private where the text holds, or may hold, a private key; key_invalid for everything
 * else that is not exactly one sound key. Neither quotes the text
 */
export async function importPublicKey(text: string): Promise<SubmittedKey> {
  try {
    const { spki, repairs } = readSpkiFrom(text)
    const fingerprint = await fingerprintOf(spki)
    return {
      pem: encodePem('PUBLIC KEY', spki),
      fingerprint,
      repairs: repairWarnings(new Set(repairs)),
    }
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error
    throw new Fault('key_invalid', `Cannot import public key: ${error.message}`)
  }
}

/** As many texts as numbers are read again and again; each is half a kilobyte. */
const REMEMBERED_MAX = 1_000
const REMEMBERED_TEXT_MAX = 2_048
/** Upstreams give the same text at every read, and judging a key costs more than all else of one. */
const remembered = new Map<string, PublicKey>()

/** `importPublicKey` for what an upstream says that it holds: null where that is not a readable RSA-2048 key. */
export async function readPublicKey(text: string): Promise<PublicKey | null> {
  const known = remembered.get(text)
  if (known !== undefined) return known
  try {
    const { pem, fingerprint } = await importPublicKey(text)
    const key = { pem, fingerprint }
    if (text.length <= REMEMBERED_TEXT_MAX) remember(text, key)
    return key
  } catch (error) {
    if (isFault(error)) return null
    throw error
  }
}

function remember(text: string, key: PublicKey): void {
  const oldest = remembered.keys().next()
  if (remembered.size >= REMEMBERED_MAX && oldest.done !== true) remembered.delete(oldest.value)
  remembered.set(text, key)
}

/** @throws Fault key_is_private where the text holds, or may hold, a private key */
export function refusePrivateKey(text: string): void {
  if (!looksPrivate(text)) return
  throw new Fault(
    'key_is_private',
    'Cannot import public key: the text holds or mentions a private key, send the public key alone',
  )
}

function readSpkiFrom(submitted: string): { spki: Bytes; repairs: readonly RepairCode[] } {
  if (submitted.length > MAX_KEY_TEXT) {
    throw new KeyFormatError(`the text is longer than ${MAX_KEY_TEXT} characters`)
  }
  const { text, repairs } = normaliseText(submitted)
  // Before anything is parsed, so that no later message can come to quote a private key.
  refusePrivateKey(text)
  const {
    keys: [key, ...others],
    repairs: mended,
  } = readCandidates(text)
  const spki = encodeSpki(key)
  if (!others.every((other) => constantTimeEqual(encodeSpki(other), spki))) {
    throw new KeyFormatError('the text holds different public keys')
  }
  requireSound(key)
  const duplicate = others.length > 0 ? (['duplicate_key'] as const) : []
  return { spki, repairs: [...repairs, ...mended, ...duplicate] }
}
