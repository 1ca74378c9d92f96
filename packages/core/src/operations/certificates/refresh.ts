import {
  isSameEntry,
  observeCertificate,
  type Sighting,
  tellExpiry,
  vanish,
} from '../../certificate/observe.ts'
import { withEntry, withoutEntry } from '../../certificate/inventory.ts'
import { type CertificateState, newCertificate } from '../../certificate/state.ts'
import type { By } from '../../certificate/step.ts'
import { recognise } from '../../certificate/work.ts'
import { mintIdWithin } from '../../ids.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { CertificateKind, ListedCertificate } from '../../provider/certificates.ts'
import { advance } from './advance.ts'
import { commitStep } from './commit.ts'
import { readCertificates } from './entries.ts'
import { callHeld, changeInventory, type Hold, readInventory } from './hold.ts'
import { certificateKindsOf } from './kind.ts'
import { listCertificates, sight } from './listing.ts'

/**
 * Reads all certificates that the upstream lists: new ones are taken in, those that are gone are dropped, and what is
 * on its way moves on. Certificates that cannot be listed stay as they were uploaded. Which are about to expire is
 * recorded even where the upstream does not answer.
 * @throws Fault upstream_*, conflict
 */
export async function refreshHeld(hold: Hold, actor: Actor): Promise<void> {
  try {
    await refreshKinds(hold, actor)
  } finally {
    await tellExpiries(hold, actor)
  }
}

async function refreshKinds(hold: Hold, actor: Actor): Promise<void> {
  for (const kind of certificateKindsOf(hold.connection)) {
    if (kind.isListed) await refreshKind(hold, kind, actor)
  }
  await pruneEntries(hold)
  const refreshedAt = hold.services.clock.now()
  await changeInventory(hold, (inventory) => ({ ...inventory, refreshedAt }))
}

async function tellExpiries({ services, connection }: Hold, actor: Actor): Promise<void> {
  const by: By = { actor, now: services.clock.now() }
  for (const state of await readCertificates(services, connection.state.id)) {
    const step = tellExpiry(state, by)
    if (step !== null) await commitStep(services, state, step)
  }
}

async function refreshKind(hold: Hold, kind: CertificateKind, actor: Actor): Promise<void> {
  const { services, connection } = hold
  const listed = await listCertificates(hold, kind)
  const kept = await readCertificates(services, connection.state.id)
  const ours = kept.filter(({ purpose }) => purpose === kind.purpose)
  for (const state of ours) {
    if (state.work === null) await refreshOne(hold, state, { kind, listed, actor })
    else await advance(hold, state, { actor, kind, isPatient: true })
  }
  for (const each of listed) {
    const isKnown = ours.some((state) => {
      if (isSameEntry(state, each)) return true
      return state.work !== null && recognise(state.work, state, [each]) !== undefined
    })
    if (!isKnown) await takeIn(hold, each, actor)
  }
}

/** Reads one certificate that nothing is being done to from here. @throws Fault upstream_*, conflict */
export async function refreshPending(
  hold: Hold,
  state: CertificateState,
  { kind, actor }: { readonly kind: CertificateKind; readonly actor: Actor },
): Promise<void> {
  const { upstreamId } = state
  if (upstreamId === null) return
  const { certificates } = await callHeld(hold, 'certificate.get', { upstreamIds: [upstreamId] })
  await refreshOne(hold, state, { kind, listed: certificates, actor })
}

async function refreshOne(
  hold: Hold,
  state: CertificateState,
  {
    kind,
    listed,
    actor,
  }: {
    readonly kind: CertificateKind
    readonly listed: readonly ListedCertificate[]
    readonly actor: Actor
  },
): Promise<void> {
  const { services } = hold
  const by: By = { actor, now: services.clock.now() }
  if (state.upstreamId === null) return
  const found = listed.find((each) => isSameEntry(state, each))
  if (found === undefined) {
    // What was never there cannot be gone: that it did not come is shown until somebody acts.
    if (kind.slot !== null && state.status === 'failed') return
    await commitStep(services, state, vanish(state, by))
    await changeInventory(hold, (inventory) => withoutEntry(inventory, state.id))
    return
  }
  await commitStep(services, state, observeCertificate(state, await sighting(hold, found), by))
}

async function takeIn(hold: Hold, listed: ListedCertificate, actor: Actor): Promise<void> {
  const { services, connection } = hold
  const now = services.clock.now()
  const made = newCertificate({
    id: mintIdWithin(connection.state.id, 'certificate', services.random),
    connectionId: connection.state.id,
    provider: connection.provider.id,
    purpose: listed.purpose,
    name: listed.name,
    at: now,
  })
  const step = observeCertificate(made, await sighting(hold, listed), { actor, now })
  const entry = { certificateId: made.id, purpose: made.purpose }
  await changeInventory(hold, (inventory) => withEntry(inventory, entry))
  await commitStep(services, made, step)
}

/** Entries whose certificate was never stored: their maker died in between. */
async function pruneEntries(hold: Hold): Promise<void> {
  const { services, connection } = hold
  const kept = new Set((await readCertificates(services, connection.state.id)).map(({ id }) => id))
  const { entries } = await readInventory(services, connection.state.id)
  if (entries.every(({ certificateId }) => kept.has(certificateId))) return
  await changeInventory(hold, (inventory) => ({
    ...inventory,
    entries: inventory.entries.filter(({ certificateId }) => kept.has(certificateId)),
  }))
}

function sighting({ services }: Hold, listed: ListedCertificate): Promise<Sighting> {
  return sight(services.inspector, listed)
}
