import { isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { ClaimedTask } from '../../ledger/ledger.ts'
import { beginRound, inboxKey, type InboxState, isIdle, passRound } from '../../notice/inbox.ts'
import { ANSWER_ROUND } from '../../notice/tasks.ts'
import { numberLabels } from '../../number/labels.ts'
import type { NumberState } from '../../number/state.ts'
import type { Services } from '../../services.ts'
import { checkNumber } from '../key/check-number.ts'
import { isReadable } from '../key/readable.ts'
import { noticeActor } from './receive.ts'

/** Numbers that a round is sent to between two commits of how far it has come. */
const PAGE = 100
/** How often a number is looked at in vain before that is left to the regular reading of all. */
const TRIES_MAX = 8

/**
 * Sends a round to the next numbers of a connection: each gets a task of its own, once, however often the round is
 * taken up again. Answers when to go on; null where no round is left.
 */
export async function sendRound(services: Services, connectionId: string): Promise<Instant | null> {
  const round = await changeInbox(services, connectionId, beginRound)
  if (round === null || isIdle(round)) return null
  const page = await services.ledger.list<NumberState>({
    kind: 'number',
    within: connectionId,
    limit: PAGE,
    ...(round.cursor === null ? {} : { cursor: round.cursor }),
  })
  for (const { state } of page.items) await askNumber(services, state, round.begun)
  const after = await changeInbox(services, connectionId, (inbox) =>
    passRound(inbox, round.begun, page.nextCursor),
  )
  return after === null || isIdle(after) ? null : services.clock.now()
}

/** What a number has been asked for by this round, or a later one, it is not asked for again. */
async function askNumber(services: Services, number: NumberState, round: number): Promise<void> {
  const readable = isReadable(services, number)
  if (!readable) return
  await services.ledger.mutate<NumberState, null>({ kind: 'number', id: number.id }, (state) => {
    if (state === null || (state.noticed ?? 0) >= round) return { result: null }
    return {
      result: null,
      next: { ...state, noticed: round },
      labels: numberLabels(state, readable),
      tasks: [{ name: ANSWER_ROUND, due: services.clock.now() }],
    }
  })
}

/** Looks after the key of one number, as a notice asked. Answers null: whether or not it worked, that was it. */
export async function answerRound(services: Services, task: ClaimedTask): Promise<null> {
  const { id } = task.subject
  try {
    const snapshot = await services.ledger.read<NumberState>(task.subject)
    if (snapshot === null) return null
    const actor = noticeActor(snapshot.state.connectionId)
    await checkNumber(services, { numberId: id, actor, cause: 'notice' })
  } catch (error) {
    if (!isFault(error) || (error.retryable && task.attempts < TRIES_MAX)) throw error
    services.logger.log('warn', 'Cannot look after a key as a notice asked', {
      numberId: id,
      code: error.code,
    })
  }
  return null
}

/** Null where the connection is gone. */
function changeInbox(
  services: Services,
  connectionId: string,
  change: (inbox: InboxState) => InboxState,
): Promise<InboxState | null> {
  return services.ledger.mutate<InboxState, InboxState | null>(inboxKey(connectionId), (state) => {
    if (state === null) return { result: null }
    const next = change(state)
    return next === state ? { result: state } : { result: next, next, labels: {} }
  })
}
