import { Fault, type Sealer } from '@latchkey/core'
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from 'jose'
import { toUtf8 } from '../encoding.ts'
import { KEY_ALGORITHM, type KeyEncryptionKey, parseKeySet } from './key-set.ts'

/** Key-encryption keys that cannot be taken out again, and what is sealed with them. */
export interface KeyRing {
  readonly sealer: Sealer
  /** Whether this was sealed under the first key; where not, it is due to be sealed anew. */
  isCurrent(sealed: string): boolean
}

/** The `enc`: each value has a content key of its own, so one key ring seals 2^32 values safely (NIST SP 800-38D §8.3). */
const CONTENT_ALGORITHM = 'A256GCM'

/**
 * The protected header parameter that names the place. Compact JWE has no member for additional authenticated
 * data, but its protected header is exactly that (RFC 7516 §5.1, step 14). As an extension it is listed in
 * `crit` (§4.1.13): a reader that does not know it must refuse the value rather than open it anywhere.
 */
const PLACE = 'lkp'

/** Certificates with their key are the largest secrets; a row of a Durable Object holds at most 2 MB. */
const MAX_PLAINTEXT_BYTES = 1_048_576
/** Base64url of the largest plaintext, and room for the header. */
const MAX_SEALED_LENGTH = Math.ceil((MAX_PLAINTEXT_BYTES * 4) / 3) + 8_192

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Imports a parsed JWK set of 32-byte `oct` keys: the first seals, all open.
 * @throws SettingError with one line that says what is wrong with it, never with any of its content
 */
export async function createKeyRing(jwks: unknown): Promise<KeyRing> {
  const [first, ...rest] = parseKeySet(jwks)
  const current = { kid: first.kid, key: await importKey(first) }
  const ring = new Map([[current.kid, current.key]])
  for (const older of rest) ring.set(older.kid, await importKey(older))
  return {
    sealer: {
      seal: (plaintext, place) => seal(current, plaintext, place),
      open: (sealed, place) => open(ring, sealed, place),
    },
    isCurrent: (sealed) => kidOf(sealed) === current.kid,
  }
}

function importKey({ bytes }: KeyEncryptionKey): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function seal(
  { kid, key }: { kid: string; key: CryptoKey },
  plaintext: string,
  place: string,
): Promise<string> {
  const bytes = toUtf8(plaintext)
  if (bytes.length > MAX_PLAINTEXT_BYTES) {
    throw new Fault(
      'internal',
      `Cannot seal value: it is larger than ${MAX_PLAINTEXT_BYTES} bytes`,
      {
        retryable: false,
      },
    )
  }
  return new CompactEncrypt(bytes)
    .setProtectedHeader({
      alg: KEY_ALGORITHM,
      enc: CONTENT_ALGORITHM,
      kid,
      crit: [PLACE],
      [PLACE]: place,
    })
    .encrypt(key, { crit: { [PLACE]: true } })
}

async function open(
  ring: ReadonlyMap<string, CryptoKey>,
  sealed: string,
  place: string,
): Promise<string> {
  if (sealed.length > MAX_SEALED_LENGTH) throw unopened('it is too large')
  const key = ring.get(kidOf(sealed) ?? '')
  if (key === undefined) throw unopened('the key it was sealed under is not in the key ring')
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key, {
    keyManagementAlgorithms: [KEY_ALGORITHM],
    contentEncryptionAlgorithms: [CONTENT_ALGORITHM],
    crit: { [PLACE]: true },
    maxDecompressedLength: 0,
  }).catch((cause: unknown) => {
    throw unopened('it was altered, or sealed under another key of the same name', cause)
  })
  if (protectedHeader[PLACE] !== place) throw unopened('it was sealed for another place')
  return decoder.decode(plaintext)
}

/** The key's name as the header says it, before anything is verified; null where there is none. */
function kidOf(sealed: string): string | null {
  try {
    return decodeProtectedHeader(sealed).kid ?? null
  } catch {
    return null
  }
}

function unopened(why: string, cause?: unknown): Fault {
  return new Fault('internal', `Cannot open sealed value: ${why}`, { retryable: false, cause })
}
