import { Fault } from '@latchkey/core'
import { importPrivateKey, type PrivateKeyMaterial } from '@latchkey/crypto/private-key'
import { equalBytes } from '../read/bytes.ts'
import type { Certificate } from '../read/certificate.ts'
import { note, type Note } from './findings.ts'
import { signsFor } from './prove.ts'

export interface ReadKeys {
  readonly keys: readonly PrivateKeyMaterial[]
  readonly notes: readonly Note[]
}

/** Opening an encrypted key is slow by design. */
const MAX_KEYS = 4

/** Reads every private key once; none of what fails is quoted. */
export async function readKeys(
  texts: readonly string[],
  passphrase: string | undefined,
): Promise<ReadKeys> {
  const keys: PrivateKeyMaterial[] = []
  const notes: Note[] = []
  if (texts.length > MAX_KEYS) {
    const message = `There are more than ${MAX_KEYS} private keys; send the one of the certificate`
    return { keys, notes: [note('error', 'private_key_unreadable', message)] }
  }
  for (const text of texts) {
    try {
      const key = await importPrivateKey(text, passphrase === undefined ? {} : { passphrase })
      const isKnown = keys.some(({ spki }) => equalBytes(spki, key.spki))
      if (isKnown) notes.push(note('repaired', 'duplicate_key', 'The private key was there twice'))
      else keys.push(key)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      notes.push(note('error', 'private_key_unreadable', cause.message))
    }
  }
  return { keys, notes }
}

export interface MatchedKey {
  readonly key: PrivateKeyMaterial | null
  readonly notes: readonly Note[]
}

/** The key of the leaf, proved by a signature; the others are told. */
export async function matchKey(
  { keys, notes }: ReadKeys,
  leaf: Certificate,
  isNeeded: boolean,
): Promise<MatchedKey> {
  const key = keys.find(({ spki }) => equalBytes(spki, leaf.spki)) ?? null
  if (key === null)
    return { key, notes: [...notes, ...explainMissing(keys, notes, leaf, isNeeded)] }
  if (!(await signsFor(key, leaf.spki))) {
    const message = 'The private key does not sign what the certificate verifies; export it again'
    return { key: null, notes: [...notes, note('error', 'private_key_unproven', message, leaf)] }
  }
  // What could not be read is no harm where the right one was.
  const harmless = notes.map((each) =>
    each.severity === 'error' ? { ...each, severity: 'warning' as const } : each,
  )
  const message = 'A private key that is not that of the leaf was left out'
  const others = keys
    .filter((other) => other !== key)
    .map(() => note('warning', 'private_key_unrelated', message))
  return { key, notes: [...harmless, ...others] }
}

function explainMissing(
  keys: readonly PrivateKeyMaterial[],
  notes: readonly Note[],
  leaf: Certificate,
  isNeeded: boolean,
): readonly Note[] {
  if (keys.length > 0) {
    const message =
      'The private key is not that of the certificate; send the key that it was requested with'
    return [note('error', 'private_key_mismatch', message, leaf)]
  }
  if (!isNeeded || notes.length > 0) return []
  const message = 'The private key is missing; send it along, or in the same text'
  return [note('error', 'private_key_missing', message)]
}
