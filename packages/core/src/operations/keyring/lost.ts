import { Fault } from '../../fault/fault.ts'
import { lostIdOf } from '../../ids.ts'
import { type Instant, toTimestamp } from '../../instant.ts'
import type { AggregateKey } from '../../ledger/keys.ts'
import type { Fingerprint } from '../../public-key.ts'
import type { Services } from '../../services.ts'

/** A key that was made here and deleted. Its private half never left, so that nobody opens what is encrypted for it. */
interface LostKey {
  readonly deletedAt: Instant
}

function lost(fingerprint: Fingerprint): AggregateKey {
  return { kind: 'lost', id: lostIdOf(fingerprint) }
}

/** Notes that a key is about to be lost: before it is, so that whoever does not find it in the ring finds this. */
export async function noteLost(
  { ledger, clock }: Services,
  fingerprint: Fingerprint,
): Promise<void> {
  await ledger.mutate<LostKey, null>(lost(fingerprint), (state) => ({
    result: null,
    ...(state === null ? { next: { deletedAt: clock.now() }, labels: {} } : {}),
  }))
}

/** Somebody has the private half after all. */
export async function noteFound({ ledger }: Services, fingerprint: Fingerprint): Promise<void> {
  await ledger.mutate<LostKey, null>(lost(fingerprint), (state) => ({
    result: null,
    ...(state === null ? {} : { next: null }),
  }))
}

/** @param fingerprint of a key that was looked for in the ring just now, and is not there. @throws Fault conflict */
export async function refuseLost({ ledger }: Services, fingerprint: Fingerprint): Promise<void> {
  const snapshot = await ledger.read<LostKey>(lost(fingerprint))
  if (snapshot === null) return
  throw new Fault(
    'conflict',
    `Cannot use this key: it was made here, and deleted ${toTimestamp(snapshot.state.deletedAt)}, its private half with it, so that nobody could open what is encrypted for it`,
  )
}
