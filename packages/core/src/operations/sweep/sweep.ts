import { type Fault, isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { Actor, ClaimedTask } from '../../ledger/ledger.ts'
import type { NumberState } from '../../number/state.ts'
import { isLate, nextSweep, SWEEP } from '../../number/sweep.ts'
import { createPatience, type Patience } from '../../pace/patience.ts'
import type { Services } from '../../services.ts'
import { checkNumber } from '../key/check-number.ts'

const SWEEPER: Actor = { kind: 'schedule', id: SWEEP }
/** The readings that a pause held up are made up for over this share of the time between two. */
const CATCH_UP_SHARE = 0.1

/** Of the calls that a host makes at once, others are for what somebody waits for. */
const CALLS_SHARE = 0.5
const AT_ONCE_MAX = 16

const patiences = new WeakMap<object, Patience>()

/** Reads a number whose turn it is, and says when it is its turn again; null where it is gone. */
export async function sweepNumber(
  services: Services,
  { subject: { id }, due }: Pick<ClaimedTask, 'subject' | 'due'>,
): Promise<Instant | null> {
  const { clock, intervals, ledger, upstream } = services
  const snapshot = await ledger.read<NumberState>({ kind: 'number', id })
  if (snapshot === null) return null
  const { connectionId } = snapshot.state
  const next = () => nextSweep(id, intervals.sweepMs, clock.now())
  if (isLate(due, intervals.sweepMs, clock.now())) return next()
  const pausedUntil = upstream.pace.pausedUntil(connectionId, clock.now())
  if (pausedUntil !== null) return madeUp(services, id, pausedUntil)
  const patience = patienceOf(upstream)
  const wait = patience.begin(connectionId, clock.now())
  if (wait?.because === 'full') return wait.until
  if (wait !== null) return madeUp(services, id, wait.until)
  let failure: Fault | null = null
  try {
    const outcome = await checkNumber(services, { numberId: id, actor: SWEEPER, cause: 'sweep' })
    return outcome === 'unsupported' ? null : next()
  } catch (error) {
    if (!isFault(error)) throw error
    if (isOfUpstream(error)) failure = error
    services.logger.log('warn', 'Cannot look after a key', { numberId: id, code: error.code })
    return failure === null ? next() : madeUp(services, id, clock.now())
  } finally {
    const retryAfterMs = failure?.retryAfterMs ?? 0
    patience.end(connectionId, clock.now(), failure === null ? null : { retryAfterMs })
  }
}

function patienceOf(upstream: Services['upstream']): Patience {
  const { callsAtOnce = Infinity } = upstream
  const atOnce = Math.max(1, Math.min(Math.floor(callsAtOnce * CALLS_SHARE), AT_ONCE_MAX))
  const known = patiences.get(upstream) ?? createPatience(atOnce)
  patiences.set(upstream, known)
  return known
}

/** Whether other numbers of the connection would fare no better. */
function isOfUpstream({ code, retryable }: Fault): boolean {
  return retryable || code === 'upstream_unauthorized'
}

/** Some time after a pause, and at the latest when it is the number's turn again. */
function madeUp({ clock, intervals, random }: Services, id: string, after: Instant): Instant {
  const spread = Math.floor(random.fraction() * intervals.sweepMs * CATCH_UP_SHARE)
  return Math.max(
    Math.min(after + spread, nextSweep(id, intervals.sweepMs, clock.now())),
    clock.now() + 1,
  )
}
