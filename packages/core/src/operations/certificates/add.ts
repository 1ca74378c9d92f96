import { newCertificate, type CertificateState, type Work } from '../../certificate/state.ts'
import { inventoryKey, withEntry } from '../../certificate/inventory.ts'
import { type Material, sealMaterial } from '../../certificate/material.ts'
import { type NewWork, recognise, startWork } from '../../certificate/work.ts'
import type { OpenConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { certificateIdOf, mintIdWithin } from '../../ids.ts'
import { DAY, HOUR } from '../../instant.ts'
import type { JsonObject } from '../../ledger/ledger.ts'
import type { CertificateKind, ListedCertificate } from '../../provider/certificates.ts'
import { completeReceipt, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { advance } from './advance.ts'
import { certificateKey, commitStep } from './commit.ts'
import { changeInventory, type Hold, holdInventory } from './hold.ts'
import { listCertificates } from './listing.ts'
import { readCertificates } from './entries.ts'

/** How long an Idempotency-Key is remembered, with the time that a request may take. */
const REPEATED_MAX_MS = DAY + HOUR

/** A certificate that is to be brought to an upstream, everything about it checked. */
export interface Addition {
  readonly kind: CertificateKind
  readonly name: string | null
  /** The domain of an application. */
  readonly issuedTo: string | null
  readonly material: Material
  readonly bundle: Work['bundle']
  readonly activate: boolean
  /** What the audit log tells of the request. */
  readonly told: JsonObject
}

/**
 * Brings a certificate to the upstream, as far as that goes now: a state with `work` is one that goes on by itself.
 * The same Idempotency-Key finds the certificate that it made, however often it is used.
 * @throws Fault conflict (the name is taken, the connection is being deleted), quota_exceeded, upstream_* (`effect`
 * unknown: Latchkey keeps looking until it is known)
 */
export async function addCertificate(
  services: Services,
  request: Request<CertificateState>,
  connection: OpenConnection,
  addition: Addition,
): Promise<CertificateState> {
  const connectionId = connection.state.id
  const state = await holdInventory(services, connection, async (hold) => {
    const place = await placeOf(hold, request, addition)
    const { present } = place
    const started =
      present !== null && addition.kind.slot === null
        ? present
        : await start(hold, request, place, addition)
    const options = { actor: request.actor, kind: addition.kind, isPatient: false }
    const progress = await advance(hold, started, options)
    if (progress.fault !== null) throw explain(progress.fault, progress.state)
    return progress.state ?? started
  })
  await completeReceipt(services, inventoryKey(connectionId), request, state)
  return state
}

interface Place {
  /** The one that is there already: in the slot, or made by this very request before. */
  readonly present: CertificateState | null
  readonly id: string
}

async function placeOf(
  { services, connection }: Hold,
  { receipt }: Request<CertificateState>,
  addition: Addition,
): Promise<Place> {
  const { kind } = addition
  const connectionId = connection.state.id
  const mint = () => mintIdWithin(connectionId, 'certificate', services.random)
  if (kind.slot !== null) {
    const kept = await readCertificates(services, connectionId)
    const present = kept.find(({ purpose }) => purpose === kind.purpose) ?? null
    return { present, id: present?.id ?? mint() }
  }
  if (receipt === undefined) return { present: null, id: mint() }
  const id = certificateIdOf(connectionId, receipt.id)
  const found = await services.ledger.read<CertificateState>(certificateKey(id))
  if (found === null) return { present: null, id }
  // A key is remembered for a day, and not where its request failed: another request may come with it.
  const isYoung = services.clock.now() - found.state.createdAt <= REPEATED_MAX_MS
  return isYoung && isSameAddition(found.state, addition)
    ? { present: found.state, id }
    : { present: null, id: mint() }
}

function isSameAddition({ bundle, work, issuedTo }: CertificateState, wanted: Addition): boolean {
  if (wanted.bundle === null) return issuedTo === wanted.issuedTo
  const known = work === null ? bundle : work.bundle
  return known?.details.fingerprint === wanted.bundle.details.fingerprint
}

async function start(
  hold: Hold,
  request: Request<CertificateState>,
  { present, id }: Place,
  addition: Addition,
): Promise<CertificateState> {
  const { services, connection } = hold
  const { kind, material } = addition
  const connectionId = connection.state.id
  const now = services.clock.now()
  const before = kind.slot === null ? await listWithRoom(hold, addition) : []
  const made = newCertificate({
    id,
    connectionId,
    provider: connection.provider.id,
    purpose: kind.purpose,
    name: addition.name,
    at: now,
  })
  const state = present ?? { ...made, upstreamId: kind.slot, issuedTo: addition.issuedTo }
  const work: NewWork = {
    kind: material.kind,
    material: await sealMaterial(services, state, material),
    bundle: addition.bundle,
    activate: addition.activate,
    before: before.map(({ upstreamId, name }) => ({ upstreamId, name })),
    names: addition.name === null ? [] : [addition.name],
    told: addition.told,
  }
  const entry = { certificateId: state.id, purpose: kind.purpose }
  await changeInventory(hold, (inventory) => withEntry(inventory, entry))
  const named = { ...state, name: addition.name ?? state.name }
  const step = startWork(named, { actor: request.actor, now }, work)
  return (await commitStep(services, state, step)) ?? state
}

/**
 * Lists what is there, where one more fits beside it and what is on its way.
 * @throws Fault quota_exceeded, conflict, upstream_*
 */
async function listWithRoom(
  hold: Hold,
  { kind, name, issuedTo }: Addition,
): Promise<readonly ListedCertificate[]> {
  const listed = await listCertificates(hold, kind)
  const kept = await readCertificates(hold.services, hold.connection.state.id)
  const coming = kept.filter((each) => {
    if (each.purpose !== kind.purpose || each.work === null) return false
    if (each.upstreamId !== null) return false
    return recognise(each.work, each, listed) === undefined
  })
  requireNew(listed, coming, { name, issuedTo })
  const held = listed.length + coming.length
  if (kind.quota === null || held < kind.quota) return listed
  throw new Fault(
    'quota_exceeded',
    `Cannot add certificate: the upstream holds ${held} of at most ${kind.quota} for "${kind.purpose}"; delete one first`,
  )
}

/** @throws Fault conflict */
function requireNew(
  listed: readonly ListedCertificate[],
  coming: readonly CertificateState[],
  { name, issuedTo }: Pick<Addition, 'name' | 'issuedTo'>,
): void {
  const names = [...listed.map((each) => each.name), ...coming.flatMap(namesOf)]
  if (name !== null && names.includes(name)) {
    throw new Fault(
      'conflict',
      `Cannot add certificate: the upstream has one named "${name}"; choose another name, or delete it first`,
    )
  }
  const applied = listed.find(({ origin, issuedTo: domain, status }) => {
    return issuedTo !== null && origin === 'apply' && domain === issuedTo && status !== 'failed'
  })
  const isComing = coming.some((each) => {
    return issuedTo !== null && each.work?.kind === 'apply' && each.issuedTo === issuedTo
  })
  if (applied !== undefined || isComing) {
    throw new Fault('conflict', `Cannot apply: the upstream has a certificate for "${issuedTo}"`)
  }
}

function namesOf({ name, work }: CertificateState): readonly (string | null)[] {
  return [name, ...(work?.names ?? [])]
}

/** Who is told that nobody knows what came of it is also told where to look. */
function explain(fault: Fault, state: CertificateState | null): Fault {
  if (state === null || state.work === null || !isFault(fault)) return fault
  return new Fault(
    fault.code,
    `${fault.message}; Latchkey is finding out what came of it, as certificate ${state.id}`,
    {
      retryable: fault.retryable,
      effect: fault.effect,
      ...(fault.upstream === undefined ? {} : { upstream: fault.upstream }),
      ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
    },
  )
}
