import * as z from 'zod'
import type { CertificateState } from '../../certificate/state.ts'
import { openConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { DAY, MINUTE, SECOND } from '../../instant.ts'
import { connectionPartition } from '../../ledger/keys.ts'
import type { CertificatePurpose } from '../../provider/certificates.ts'
import type { Services } from '../../services.ts'
import { runPlace, runReceiptId, type RunState } from '../../trigger/run.ts'
import type { TriggerState } from '../../trigger/state.ts'
import { certificateKey } from '../certificates/commit.ts'
import { certificateKindOf } from '../certificates/kind.ts'
import { removeCertificate } from '../certificates/remove.ts'
import { uploadCertificate } from '../certificates/upload.ts'
import { commitRun, runActor } from './commit-run.ts'
import type { Turn } from './turn.ts'

const CLAIM_MS = 3 * MINUTE
const CLAIM_KEPT_MS = 7 * DAY
const BUSY_MS = 30 * SECOND
/** How often a certificate that is on its way is looked at. */
const LOOK_MS = 5 * SECOND

const payloadSchema = z.object({
  pem: z.string(),
  privateKey: z.string().optional(),
  passphrase: z.string().optional(),
})

interface Place {
  readonly connectionId: string
  readonly purpose: CertificatePurpose
  readonly activate: boolean
  /** The one that this trigger brought there before. */
  readonly before: string | null
}

/**
 * Brings the certificate of a run to its upstream, once, and waits until it is there. What the trigger itself had
 * brought there before makes room for it; the certificates of others stay.
 */
export async function runDeployment(services: Services, run: RunState): Promise<Turn> {
  const place = await placeOf(services, run)
  if (run.made === null) {
    const made = await upload(services, run, place)
    if (made === null) return { again: services.clock.now() + BUSY_MS }
    await commitRun(services, run.id, (state) => ({ next: { ...state, made, payload: null } }))
    return waitFor(services, run, { place, made })
  }
  return waitFor(services, run, { place, made: run.made })
}

async function waitFor(
  services: Services,
  run: RunState,
  { place, made }: { readonly place: Place; readonly made: string },
): Promise<Turn> {
  const state = await find(services, made)
  if (state?.work !== null && state !== null) return { again: services.clock.now() + LOOK_MS }
  if (state === null || state.status === 'failed') {
    const message = state?.problem ?? 'Cannot deploy certificate: it is gone'
    return { over: { done: 0, failed: 1, problem: { code: 'upstream_rejected', message }, made } }
  }
  await makeRoom(services, run, { place, made })
  return { over: { done: 1, failed: 0, problem: null, made } }
}

/** Null where somebody else is at it. */
async function upload(services: Services, run: RunState, place: Place): Promise<string | null> {
  const { connectionId, purpose, activate } = place
  const partition = connectionPartition(connectionId)
  const id = runReceiptId(run.id)
  const claim = await services.ledger.claimReceipt(partition, {
    id,
    digest: id,
    now: services.clock.now(),
    leaseMs: CLAIM_MS,
    keepMs: CLAIM_KEPT_MS,
  })
  if (claim.outcome === 'replay') return claim.response.body
  if (claim.outcome !== 'claimed') return null
  const { holder } = claim
  try {
    const { state } = await uploadCertificate(
      services,
      {
        actor: runActor(run),
        receipt: {
          id,
          holder,
          render: (added) => ({ status: 201, headers: {}, body: added.state.id }),
        },
      },
      {
        connectionId,
        purpose,
        name: null,
        source: await openSource(services, run),
        autoRenewal: null,
        activate,
        force: false,
      },
    )
    return state.id
  } catch (error) {
    await services.ledger.releaseReceipt(partition, id, holder)
    throw error
  }
}

async function openSource(services: Services, { id, payload }: RunState) {
  if (payload === null) throw new Fault('internal', 'Cannot deploy: the message had no certificate')
  const { pem, privateKey, passphrase } = payloadSchema.parse(
    JSON.parse(await services.sealer.open(payload, runPlace(id))),
  )
  return {
    pem,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

async function placeOf(services: Services, { triggerId, target }: RunState): Promise<Place> {
  const trigger = await services.ledger.read<TriggerState>({ kind: 'trigger', id: triggerId })
  const before = trigger?.state.deployed ?? null
  if ('certificateId' in target) {
    const known = [
      before === null ? null : await find(services, before),
      await find(services, target.certificateId),
    ].filter((state) => state !== null)
    const [newest] = known
    if (newest === undefined) {
      throw new Fault('not_found', `Cannot find certificate "${target.certificateId}"`)
    }
    const { connectionId, purpose } = newest
    const kind = certificateKindOf(await openConnection(services, connectionId), purpose)
    const wasActive = known.some(({ status }) => status === 'active')
    return { connectionId, purpose, activate: kind.canActivate && wasActive, before }
  }
  if (!('connectionId' in target) || target.connectionId === undefined) {
    throw new Fault('internal', 'Cannot deploy: the trigger does not say where')
  }
  const { connectionId, purpose = 'server' } = target
  const kind = certificateKindOf(await openConnection(services, connectionId), purpose)
  return { connectionId, purpose, activate: kind.canActivate, before }
}

async function find(services: Services, id: string): Promise<CertificateState | null> {
  return (await services.ledger.read<CertificateState>(certificateKey(id)))?.state ?? null
}

async function makeRoom(
  services: Services,
  run: RunState,
  { place, made }: { readonly place: Place; readonly made: string },
): Promise<void> {
  const { before, connectionId } = place
  if (before === made) return
  if (before !== null && (await find(services, before)) !== null) {
    await removeBefore(services, run, { connectionId, certificateId: before })
  }
  await services.ledger.mutate<TriggerState, null>(
    { kind: 'trigger', id: run.triggerId },
    (state) => {
      if (state === null) return { result: null }
      return { result: null, next: { ...state, deployed: made }, labels: {} }
    },
  )
}

/** Where it is still in use, or does not go for another reason, there is only less room. */
async function removeBefore(
  services: Services,
  run: RunState,
  at: { readonly connectionId: string; readonly certificateId: string },
): Promise<void> {
  try {
    await removeCertificate(services, { actor: runActor(run) }, at)
  } catch (error) {
    if (!isFault(error)) throw error
    services.logger.log('warn', 'Cannot remove the certificate that a trigger replaced', {
      trigger: run.triggerId,
      certificate: at.certificateId,
      code: error.code,
    })
  }
}
