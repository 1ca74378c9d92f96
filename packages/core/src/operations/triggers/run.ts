import { isFault } from '../../fault/fault.ts'
import { DAY, type Instant } from '../../instant.ts'
import type { ClaimedTask, JsonObject } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'
import { KEPT_MS, type RunState } from '../../trigger/run.ts'
import { commitRun } from './commit-run.ts'
import { runNumbers } from './run-numbers.ts'
import { runRotation } from './run-rotation.ts'
import { refreshCertificates } from './run-refresh.ts'
import type { Outcome, Turn } from './turn.ts'

/** How often a run is tried whose upstream fails, or whose storage does. */
const TRIES_MAX = 8
/** However it fails, and whatever it waits for: what a message brought along is not kept for ever. */
const RUN_MAX_MS = DAY

/**
 * Does what a message set a trigger off for, as far as that goes in one turn; forgets the run when it has been over for
 * long. Answers when to come again.
 */
export async function runTrigger(services: Services, task: ClaimedTask): Promise<Instant | null> {
  const snapshot = await services.ledger.read<RunState>(task.subject)
  if (snapshot === null) return null
  const { state } = snapshot
  if (state.finishedAt !== null) return forget(services, state)
  if (services.clock.now() - state.receivedAt > RUN_MAX_MS) return giveUp(services, state)
  try {
    const turn = await takeTurn(services, state)
    if ('again' in turn) return turn.again
    return await finish(services, state.id, turn.over)
  } catch (error) {
    // Where it fails for another reason than the upstream's, a later program may know better.
    if (!isFault(error) || (error.retryable && task.attempts < TRIES_MAX)) throw error
    const { code, message } = error
    const problem = { code, message }
    return finish(services, state.id, { done: 0, failed: 1, problem, made: state.made })
  }
}

async function takeTurn(services: Services, run: RunState): Promise<Turn> {
  switch (run.action) {
    case 'rotate':
      return runRotation(services, run)
    case 'deploy-certificate': {
      const { runDeployment } = await import('./run-deployment.ts')
      return runDeployment(services, run)
    }
    case 'refresh':
      return (await refreshCertificates(services, run)) ?? runNumbers(services, run)
    case 'republish':
    case 'publish':
      return runNumbers(services, run)
  }
}

function giveUp(
  services: Services,
  { id, done, failed, problem, made }: RunState,
): Promise<Instant> {
  const late = { code: 'internal', message: 'Cannot finish: it was tried for a day' } as const
  return finish(services, id, { done, failed: failed + 1, problem: problem ?? late, made })
}

async function finish(services: Services, id: string, over: Outcome): Promise<Instant> {
  const now = services.clock.now()
  await commitRun(services, id, (state) => ({
    next: { ...state, ...over, left: [], cursor: null, again: [], payload: null, finishedAt: now },
    event: { type: 'trigger.finished', data: toldOf(state, over) },
  }))
  return now + KEPT_MS
}

function toldOf(
  { triggerId, action }: RunState,
  { done, failed, problem, made }: Outcome,
): JsonObject {
  const status = failed === 0 ? 'succeeded' : done === 0 ? 'failed' : 'partially_failed'
  return {
    triggerId,
    action,
    status,
    done,
    failed,
    ...(problem === null ? {} : { problem: { ...problem } }),
    ...(made === null ? {} : { made }),
  }
}

/** Its id stays taken. */
async function forget(services: Services, { id, finishedAt }: RunState): Promise<Instant | null> {
  const due = (finishedAt ?? 0) + KEPT_MS
  if (services.clock.now() < due) return due
  await services.ledger.mutate<RunState, null>({ kind: 'run', id }, (state) =>
    state === null ? { result: null } : { result: null, next: null },
  )
  return null
}
