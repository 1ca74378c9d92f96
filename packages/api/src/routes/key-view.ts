import { type RingKeyState, toTimestamp } from '@latchkey/core'
import type { KeyUsage } from '@latchkey/core/keyring'
import type * as z from 'zod'
import type { ringKeySchema } from '../schemas/key.ts'

export const NOT_USED: KeyUsage = { state: 'staged', numbers: [], hasMoreNumbers: false }

/** A key as it may be shown: its private half is left out here, and is in no answer. */
export function showKey(
  key: RingKeyState,
  { state, numbers, hasMoreNumbers }: KeyUsage,
): z.infer<typeof ringKeySchema> {
  return {
    id: key.id,
    label: key.label,
    fingerprint: key.fingerprint,
    publicKey: key.pem,
    custody: key.custody,
    state,
    numbers: [...numbers],
    hasMoreNumbers,
    createdAt: toTimestamp(key.createdAt),
    retiredAt: key.retiredAt === null ? null : toTimestamp(key.retiredAt),
    destroyedAt: key.destroyedAt === null ? null : toTimestamp(key.destroyedAt),
  }
}
