import type { KeyReading, SignatureStatus, Warning } from '@latchkey/core'
import { readPublicKey } from '@latchkey/crypto'
import * as z from 'zod'

const text = z.string().nullish()

/** The two fields by which Graph and On-Premises tell of a key; both may be missing (see each one's quirks). */
export const keyFields = z.looseObject({
  business_public_key: text,
  business_public_key_signature_status: text,
})
export type KeyFields = z.infer<typeof keyFields>

/** Fields that come along without telling of the key. */
const COMPANIONS: ReadonlySet<string> = new Set(['id', 'messaging_product', 'meta'])

/** Whether an object can be an answer about a key: it has one of the fields, or nothing that would be something else. */
export function tellsOfKey(fields: KeyFields): boolean {
  return (
    Object.hasOwn(fields, 'business_public_key') ||
    Object.hasOwn(fields, 'business_public_key_signature_status') ||
    Object.keys(fields).every((name) => COMPANIONS.has(name))
  )
}

export const UNSET: KeyReading = { status: 'unset', publicKey: null, warnings: [] }

/**
 * What an upstream says of its key. Without a key (missing, null or blank) both no status and `MISMATCH` mean that
 * none is set, but `VALID` that one is and is not told.
 */
export async function keyReading(fields: KeyFields): Promise<KeyReading> {
  const key = fields.business_public_key?.trim() ?? ''
  const word = fields.business_public_key_signature_status?.trim().toUpperCase() ?? ''
  if (key === '' && (word === '' || word === 'MISMATCH')) return UNSET
  const status = STATUSES.get(word) ?? 'unknown'
  const oddStatus = word === '' || STATUSES.has(word) ? [] : [UNKNOWN_STATUS]
  if (key === '') return { status, publicKey: null, warnings: [NOT_TOLD, ...oddStatus] }
  const publicKey = await readPublicKey(key)
  const unreadable = publicKey === null ? [UNREADABLE] : []
  return { status, publicKey, warnings: [...unreadable, ...oddStatus] }
}

const STATUSES: ReadonlyMap<string, SignatureStatus> = new Map([
  ['VALID', 'valid'],
  ['MISMATCH', 'mismatch'],
])

const NOT_TOLD: Warning = {
  code: 'upstream_key_not_told',
  message: 'The upstream tells the status of its key, but not the key',
}
const UNREADABLE: Warning = {
  code: 'upstream_key_unreadable',
  message: 'The upstream holds something that is not an RSA public key of 2048 bits',
}
const UNKNOWN_STATUS: Warning = {
  code: 'upstream_status_unknown',
  message: 'The upstream tells a signature status that is neither VALID nor MISMATCH',
}
