import { isSameEntry, observeCertificate } from '../../certificate/observe.ts'
import { type Answer, hopeless, planResend, planWork } from '../../certificate/plan.ts'
import type { CertificateState, Work } from '../../certificate/state.ts'
import type { By } from '../../certificate/step.ts'
import { REFUSED_MS } from '../../certificate/timing.ts'
import {
  asOfNow,
  lookLater,
  markConfirming,
  markFailed,
  markInstalled,
  markRefused,
  markTaken,
  markUnknown,
  recognise,
} from '../../certificate/work.ts'
import { amendFault, type Fault, isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor } from '../../ledger/ledger.ts'
import type { CertificateKind, ListedCertificate } from '../../provider/certificates.ts'
import { activateHeld } from './put-in-use.ts'
import { commitState, commitStep } from './commit.ts'
import { callHeld, changeInventory, type Hold } from './hold.ts'
import { withoutEntry } from '../../certificate/inventory.ts'
import { listCertificates, sight } from './listing.ts'
import { send } from './send.ts'

/** Where a certificate has got to; the state is null where nothing came of it and it is gone. */
export interface Progress {
  readonly state: CertificateState | null
  /** Why it got no further for now, or never will. */
  readonly fault: Fault | null
}

export interface AdvanceOptions {
  readonly actor: Actor
  readonly kind: CertificateKind
  /** Nobody waits for the answer: what was refused for the moment is tried again later. */
  readonly isPatient: boolean
}

/** More steps than any way through has. */
const STEPS_MAX = 12

/** Moves a certificate that is on its way as far as it goes now. Dying anywhere in it loses nothing. */
export async function advance(
  hold: Hold,
  from: CertificateState,
  options: AdvanceOptions,
): Promise<Progress> {
  let state = from
  for (let step = 0; step < STEPS_MAX && state.work !== null; step += 1) {
    const work = asOfNow(state.work, hold.services.clock.now())
    const turn = await takeStep(hold, { ...state, work }, work, options)
    if (turn.state === null || turn.fault !== null || turn.state.work === null) return turn
    if (turn.waits) return turn
    state = turn.state
  }
  return { state, fault: null }
}

interface Turn extends Progress {
  /** Nothing more is to be done now. */
  readonly waits?: boolean
}

async function takeStep(
  hold: Hold,
  state: CertificateState,
  work: Work,
  options: AdvanceOptions,
): Promise<Turn> {
  const now = hold.services.clock.now()
  const plan = planWork(work, { kind: options.kind, now })
  switch (plan.do) {
    case 'wait':
      return wait(hold, state, work, plan.until)
    case 'give_up':
      return fail(hold, state, options, plan.problem)
    case 'send':
      return sendStep(hold, state, work, options)
    case 'look':
      return look(hold, state, work, options)
    case 'poll':
      return poll(hold, state, work, options)
    case 'activate':
      return activateHeld(hold, state, work)
  }
}

async function sendStep(
  hold: Hold,
  from: CertificateState,
  work: Work,
  options: AdvanceOptions,
): Promise<Turn> {
  let sent
  try {
    sent = await send(hold, from, work)
  } catch (error) {
    if (!isFault(error)) throw error
    // Only putting the file in place can fail so: nothing has changed.
    return refuse(hold, from, options, amendFault(error, { effect: 'no' }))
  }
  const { state, fault } = sent
  const by = byNow(hold, options)
  if (fault === null) {
    if (options.kind.slot === null) {
      const taken = markTaken(state, sent.work, { name: sent.name, now: by.now })
      return { state: await commitState(hold.services, state, taken), fault: null }
    }
    const step = markConfirming({ ...state, upstreamId: options.kind.slot }, sent.work, by)
    return { state: await commitStep(hold.services, state, step), fault: null, waits: true }
  }
  // After more than one write, that the last was refused tells nothing of the others.
  if (fault.effect === 'no' && sent.work.sends === 1) return refuse(hold, state, options, fault)
  const unknown = markUnknown(state, sent.work, by.now)
  return { state: await commitState(hold.services, state, unknown), fault }
}

/** Looks whether a write with an unknown outcome has arrived. */
async function look(
  hold: Hold,
  state: CertificateState,
  work: Work,
  options: AdvanceOptions,
): Promise<Turn> {
  const found = await ask(() => listCertificates(hold, options.kind))
  if (isFault(found)) return inVain(hold, state, work, { answer: 'none', fault: found, options })
  const by = byNow(hold, options)
  if (options.kind.slot !== null) {
    const [listed] = found
    const { bundle } = listed === undefined ? { bundle: null } : await sightOf(hold, listed)
    if (bundle !== null && bundle.details.fingerprint === work.bundle?.details.fingerprint) {
      const step = markConfirming({ ...state, upstreamId: options.kind.slot }, work, by)
      return { state: await commitStep(hold.services, state, step), fault: null, waits: true }
    }
  } else {
    const listed = recognise(work, state, found)
    if (listed !== undefined) return adopt(hold, state, work, { listed, options })
  }
  const plan = planResend(work, by.now)
  if (plan.do === 'give_up') return fail(hold, state, options, plan.problem)
  if (plan.do === 'send') return sendStep(hold, state, work, options)
  return wait(hold, state, work, plan.do === 'wait' ? plan.until : by.now)
}

async function wait(
  { services }: Hold,
  state: CertificateState,
  work: Work,
  until: Instant,
): Promise<Turn> {
  if (work.due === until) return { state, fault: null, waits: true }
  const waiting = { ...state, work: { ...work, due: until } }
  return { state: await commitState(services, state, waiting), fault: null, waits: true }
}

/** Asks what became of what the upstream works on. */
async function poll(
  hold: Hold,
  state: CertificateState,
  work: Work,
  options: AdvanceOptions,
): Promise<Turn> {
  const { upstreamId } = state
  const found = await ask(async () => {
    if (upstreamId === null) return listCertificates(hold, options.kind)
    return (await callHeld(hold, 'certificate.get', { upstreamIds: [upstreamId] })).certificates
  })
  if (isFault(found)) return inVain(hold, state, work, { answer: 'none', fault: found, options })
  const listed =
    upstreamId === null
      ? recognise(work, state, found)
      : found.find((each) => isSameEntry(state, each))
  if (listed !== undefined) return adopt(hold, state, work, { listed, options })
  if (upstreamId === null) return inVain(hold, state, work, { answer: 'not listed', options })
  return fail(hold, state, options, 'The upstream no longer lists it')
}

/** Takes over what the upstream says of the certificate that the work made. */
async function adopt(
  hold: Hold,
  from: CertificateState,
  work: Work,
  { listed, options }: { readonly listed: ListedCertificate; readonly options: AdvanceOptions },
): Promise<Turn> {
  const { services } = hold
  const by = byNow(hold, options)
  // Whether it is installed is told once, by the step below.
  const seen = observeCertificate(
    { ...from, bundle: null, toldEnd: null },
    await sightOf(hold, listed),
    by,
  )
  const state = { ...(seen.next ?? from), status: from.status, bundle: from.bundle }
  switch (listed.status) {
    case 'pending': {
      const going = { ...work, phase: 'issuing' as const, material: null }
      return inVain(hold, state, going, { answer: 'pending', options })
    }
    case 'failed':
      return fail(hold, state, options, listed.problem ?? 'The upstream could not obtain it')
    case 'installed':
      return {
        state: await commitStep(services, from, markInstalled(state, work, by)),
        fault: null,
      }
  }
}

/** Nothing came of it, for good or, where nobody waits and it may help, for now. */
async function refuse(
  hold: Hold,
  state: CertificateState,
  options: AdvanceOptions,
  fault: Fault,
): Promise<Turn> {
  const { services } = hold
  const { work } = state
  if (options.isPatient && fault.retryable && work !== null) {
    const waiting = { ...work, sentBy: null, sends: 0 }
    return { state: await later(hold, state, waiting, fault), fault }
  }
  const step = markRefused(state, byNow(hold, options), fault)
  const next = await commitStep(services, state, step)
  if (next === null) await changeInventory(hold, (inventory) => withoutEntry(inventory, state.id))
  return { state: next, fault }
}

async function fail(
  hold: Hold,
  state: CertificateState,
  options: AdvanceOptions,
  problem: string,
): Promise<Turn> {
  const step = markFailed(state, byNow(hold, options), problem)
  return { state: await commitStep(hold.services, state, step), fault: null }
}

/** It was asked after, and there is nothing to go on with: it is asked after again, unless that is hopeless. */
async function inVain(
  hold: Hold,
  state: CertificateState,
  work: Work,
  {
    answer,
    fault = null,
    options,
  }: { readonly answer: Answer; readonly fault?: Fault | null; readonly options: AdvanceOptions },
): Promise<Turn> {
  const problem = hopeless(work, answer, hold.services.clock.now())
  if (problem !== null) return fail(hold, state, options, problem)
  return { state: await later(hold, state, work, fault), fault, waits: true }
}

function later(
  { services }: Hold,
  state: CertificateState,
  work: Work,
  fault: Fault | null,
): Promise<CertificateState> {
  const least = fault?.code === 'upstream_unauthorized' ? REFUSED_MS : 0
  return commitState(services, state, lookLater(state, work, { now: services.clock.now(), least }))
}

async function ask<R>(question: () => Promise<R>): Promise<R | Fault> {
  try {
    return await question()
  } catch (error) {
    if (!isFault(error)) throw error
    return error
  }
}

function sightOf({ services }: Hold, listed: ListedCertificate) {
  return sight(services.inspector, listed)
}

function byNow({ services }: Hold, { actor }: AdvanceOptions): By {
  return { actor, now: services.clock.now() }
}
