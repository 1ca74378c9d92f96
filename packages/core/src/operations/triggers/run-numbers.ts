import * as z from 'zod'
import { readConnection } from '../../connection/open.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import { type Instant, SECOND } from '../../instant.ts'
import type { Page } from '../../ledger/ledger.ts'
import { target as targetOf, type NumberState } from '../../number/state.ts'
import type { PublicKey } from '../../public-key.ts'
import type { Services } from '../../services.ts'
import { runPlace, type RunState } from '../../trigger/run.ts'
import { publishKey } from '../key/publish.ts'
import { readNumber } from '../key/load.ts'
import { readKey } from '../key/read.ts'
import { commitRun, runActor } from './commit-run.ts'
import type { Turn } from './turn.ts'

/** Numbers at once: an upstream is called by others too. */
const AT_ONCE = 4
/** A turn ends when it has taken so long, well within what a task may take. */
const TURN_MS = 30 * SECOND
/** How often the numbers whose upstream failed are tried again, when the others are done. */
const ROUNDS_MAX = 5
const ROUND_PAUSE_MS = 5 * SECOND
const PAGE = 500

const payloadSchema = z.object({
  pem: z.string(),
  fingerprint: z.templateLiteral(['sha256:', z.string()]),
})

type Attempt = 'done' | 'again' | Fault

/** Does to each number of a run what it is for. Doing it twice, where somebody died in between, is harmless. */
export async function runNumbers(services: Services, given: RunState): Promise<Turn> {
  const until = services.clock.now() + TURN_MS
  const key = given.action === 'publish' ? await openKey(services, given) : null
  let run = given.left === null ? await findNumbers(services, given) : given
  for (;;) {
    run = await finishBatches(services, run, { key, until })
    if ((run.left ?? []).length > 0) return { again: services.clock.now() }
    if (run.again.length > 0) return retryLater(services, run)
    if ((run.cursor ?? null) === null) break
    run = await findNumbers(services, run)
  }
  const { done, failed, problem } = run
  return { over: { done, failed, problem, made: null } }
}

/** The run when the numbers that it knows of are done, or the turn is over. */
async function finishBatches(
  services: Services,
  given: RunState,
  { key, until }: { readonly key: PublicKey | null; readonly until: Instant },
): Promise<RunState> {
  let run = given
  while ((run.left ?? []).length > 0 && services.clock.now() < until) {
    const batch = (run.left ?? []).slice(0, AT_ONCE)
    const outcomes = await Promise.all(
      batch.map(async (id) => ({ id, outcome: await attempt(services, run, { id, key }) })),
    )
    run = await commitRun(services, run.id, (state) => ({ next: withOutcomes(state, outcomes) }))
  }
  return run
}

async function retryLater(services: Services, { id }: RunState): Promise<Turn> {
  const { rounds } = await commitRun(services, id, (state) => ({
    next: { ...state, left: state.again, again: [], rounds: state.rounds + 1 },
  }))
  return { again: services.clock.now() + ROUND_PAUSE_MS * 2 ** rounds }
}

async function attempt(
  services: Services,
  run: RunState,
  { id, key }: { readonly id: string; readonly key: PublicKey | null },
): Promise<Attempt> {
  try {
    await act(services, run, { id, key })
    return 'done'
  } catch (error) {
    if (!isFault(error)) throw error
    return error.retryable && run.rounds < ROUNDS_MAX ? 'again' : error
  }
}

async function act(
  services: Services,
  run: RunState,
  { id, key }: { readonly id: string; readonly key: PublicKey | null },
): Promise<void> {
  const actor = runActor(run)
  const { state: number } = await readNumber(services, id)
  if (run.action === 'refresh') {
    await readKey(services, actor, { number, fresh: true })
    return
  }
  const publicKey = { ...(key ?? presentKey(number)), repairs: [] }
  // A run that is tried for hours must not bring a key back that somebody has replaced meanwhile.
  const askedAt = key === null ? services.clock.now() : run.receivedAt
  await publishKey(services, actor, { numberId: id, publicKey, askedAt, verify: true })
}

/** What the number is meant to have; where nobody has told Latchkey, what it was last seen to have. */
function presentKey(number: NumberState): PublicKey {
  const wanted = targetOf(number)
  if (wanted !== null) return { pem: wanted.pem, fingerprint: wanted.fingerprint }
  const { pem = null, fingerprint = null } = number.observed ?? {}
  if (pem !== null && fingerprint !== null) return { pem, fingerprint }
  throw new Fault('conflict', `Cannot publish again: number "${number.id}" has no key`)
}

async function openKey(services: Services, { id, payload }: RunState): Promise<PublicKey> {
  if (payload === null) throw new Fault('internal', 'Cannot publish: the message had no key')
  return payloadSchema.parse(JSON.parse(await services.sealer.open(payload, runPlace(id))))
}

/** The next numbers that a run is for; which they are does not change while they are done. */
async function findNumbers(services: Services, run: RunState): Promise<RunState> {
  const { items: left, nextCursor: cursor } = await numbersOf(services, run)
  if (left.length === 0 && run.left === null && run.action !== 'refresh') {
    throw new Fault('not_found', 'Cannot do anything: there are no such numbers')
  }
  return commitRun(services, run.id, (state) => ({ next: { ...state, left, cursor, rounds: 0 } }))
}

async function numbersOf(
  services: Services,
  { target, connections, cursor = null }: RunState,
): Promise<Page<string>> {
  if ('numberId' in target) return { items: [target.numberId], nextCursor: null }
  if ('numbers' in target) return { items: [...new Set(target.numbers)], nextCursor: null }
  if ('certificateId' in target) return { items: [], nextCursor: null }
  const { connectionId, provider } = target
  if (connectionId !== undefined) await readConnection(services, connectionId)
  const { items, nextCursor } = await services.ledger.list<NumberState>({
    kind: 'number',
    where: provider === undefined ? {} : { provider },
    limit: PAGE,
    ...(connectionId === undefined ? {} : { within: connectionId }),
    ...(connections === null ? {} : { connections }),
    ...(cursor === null ? {} : { cursor }),
  })
  return { items: items.map(({ id }) => id), nextCursor }
}

function withOutcomes(
  state: RunState,
  outcomes: readonly { readonly id: string; readonly outcome: Attempt }[],
): RunState {
  const ids = new Set(outcomes.map(({ id }) => id))
  const faults = outcomes.map(({ outcome }) => outcome).filter((outcome) => isFault(outcome))
  const [first] = faults
  const again = outcomes.filter(({ outcome }) => outcome === 'again').map(({ id }) => id)
  return {
    ...state,
    left: (state.left ?? []).filter((id) => !ids.has(id)),
    again: [...state.again, ...again],
    done: state.done + outcomes.filter(({ outcome }) => outcome === 'done').length,
    failed: state.failed + faults.length,
    problem:
      state.problem ?? (first === undefined ? null : { code: first.code, message: first.message }),
  }
}
