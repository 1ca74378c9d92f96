import { newCertificate, type CertificateState, type Work } from '../../certificate/state.ts'
import { inventoryKey, withEntry } from '../../certificate/inventory.ts'
import { type Material, sealMaterial } from '../../certificate/material.ts'
import { type NewWork, startWork } from '../../certificate/work.ts'
import { type OpenConnection, openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { certificateIdOf, mintIdWithin } from '../../ids.ts'
import type { JsonObject } from '../../ledger/ledger.ts'
import type { CertificateKind, ListedCertificate } from '../../provider/certificates.ts'
import { completeReceipt, type Request } from '../../receipt.ts'
import type { Services } from '../../services.ts'
import { advance } from './advance.ts'
import { certificateKey, commitStep } from './commit.ts'
import { changeInventory, type Hold, holdInventory } from './hold.ts'
import { listCertificates } from './listing.ts'
import { readCertificates } from './entries.ts'

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
    await requireOpen(services, connectionId)
    const present = await presentOf(hold, request, addition)
    const started =
      present !== null && addition.kind.slot === null
        ? present
        : await start(hold, request, present, addition)
    const options = { actor: request.actor, kind: addition.kind, isPatient: false }
    const progress = await advance(hold, started, options)
    if (progress.fault !== null) throw explain(progress.fault, progress.state)
    return progress.state ?? started
  })
  await completeReceipt(services, inventoryKey(connectionId), request, state)
  return state
}

/** The one whose place it takes; else the certificate that this very request made before. */
async function presentOf(
  { services, connection }: Hold,
  request: Request<CertificateState>,
  { kind }: Addition,
): Promise<CertificateState | null> {
  if (kind.slot !== null) {
    const kept = await readCertificates(services, connection.state.id)
    return kept.find(({ purpose }) => purpose === kind.purpose) ?? null
  }
  if (request.receipt === undefined) return null
  const id = certificateIdOf(connection.state.id, request.receipt.id)
  return (await services.ledger.read<CertificateState>(certificateKey(id)))?.state ?? null
}

async function start(
  hold: Hold,
  request: Request<CertificateState>,
  present: CertificateState | null,
  addition: Addition,
): Promise<CertificateState> {
  const { services, connection } = hold
  const { kind, material } = addition
  const connectionId = connection.state.id
  const now = services.clock.now()
  const before = kind.slot === null ? await listCertificates(hold, kind) : []
  if (kind.slot === null) requireRoom(before, addition)
  const state = present ?? {
    ...newCertificate({
      id: newId(services, request, connectionId, kind),
      connectionId,
      provider: connection.provider.id,
      purpose: kind.purpose,
      name: addition.name,
      at: now,
    }),
    issuedTo: addition.issuedTo,
  }
  const entry = { certificateId: state.id, purpose: kind.purpose }
  await changeInventory(hold, (inventory) => withEntry(inventory, entry))
  const work: NewWork = {
    kind: material.kind,
    material: await sealMaterial(services, state, material),
    bundle: addition.bundle,
    activate: addition.activate,
    before: before.map(({ upstreamId }) => upstreamId),
    names: addition.name === null ? [] : [addition.name],
    told: addition.told,
  }
  const named = { ...state, name: addition.name ?? state.name }
  const step = startWork(named, { actor: request.actor, now }, work)
  return (await commitStep(services, state, step)) ?? state
}

function newId(
  services: Services,
  { receipt }: Request<CertificateState>,
  connectionId: string,
  { slot }: CertificateKind,
): string {
  if (receipt !== undefined && slot === null) return certificateIdOf(connectionId, receipt.id)
  return mintIdWithin(connectionId, 'certificate', services.random)
}

/** @throws Fault quota_exceeded, conflict */
function requireRoom(
  listed: readonly ListedCertificate[],
  { kind, name, issuedTo }: Addition,
): void {
  const taken = listed.find((each) => each.name !== null && each.name === name)
  if (taken !== undefined) {
    throw new Fault(
      'conflict',
      `Cannot add certificate: the upstream has one named "${name}"; choose another name, or delete it first`,
    )
  }
  const applied = listed.find(({ origin, issuedTo: domain, status }) => {
    return issuedTo !== null && origin === 'apply' && domain === issuedTo && status !== 'failed'
  })
  if (applied !== undefined) {
    throw new Fault('conflict', `Cannot apply: the upstream has a certificate for "${issuedTo}"`)
  }
  if (kind.quota !== null && listed.length >= kind.quota) {
    throw new Fault(
      'quota_exceeded',
      `Cannot add certificate: the upstream holds ${listed.length} of at most ${kind.quota} for "${kind.purpose}"; delete one first`,
    )
  }
}

async function requireOpen(services: Services, connectionId: string): Promise<void> {
  const { state } = await openConnection(services, connectionId)
  if (!state.closing) return
  throw new Fault(
    'conflict',
    `Cannot add certificate: connection "${connectionId}" is being deleted`,
  )
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
