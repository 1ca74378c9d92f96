import { DAY, type Instant } from '../instant.ts'
import type { AggregateKey } from '../ledger/keys.ts'
import type { Notice } from '../provider/webhook.ts'

/** How long a notice is remembered, and after which one that was sent before is too old: a sender tries no longer. */
const REMEMBERED_MS = 7 * DAY
/** Of more than these, which fit into a row, the oldest are forgotten sooner; an account has a few a day. */
const REMEMBERED_MAX = 10_000

/** The digests of the notices of one day (days since the epoch). */
interface TakenDay {
  readonly day: number
  readonly digests: readonly string[]
}

/** What a connection was told by its upstream, and how far that is done. */
export interface InboxState {
  /** Oldest first. */
  readonly taken: readonly TakenDay[]
  /** Rounds of looking after all numbers: asked for, begun, and over. */
  readonly asked: number
  readonly begun: number
  readonly over: number
  /** The last number that the round under way has come to. */
  readonly cursor: string | null
}

const EMPTY: InboxState = { taken: [], asked: 0, begun: 0, over: 0, cursor: null }

export function inboxKey(connectionId: string): AggregateKey {
  return { kind: 'notice', id: `ntc_${connectionId.slice('con_'.length)}` }
}

export interface Taken {
  readonly next: InboxState
  /** Those that were not taken before. */
  readonly fresh: readonly Notice[]
}

/** Takes what is new among notices; however many ask for a round, the one that has yet to begin is for them all. */
export function takeNotices(
  inbox: InboxState | null,
  notices: readonly Notice[],
  now: Instant,
): Taken {
  const state = inbox ?? EMPTY
  const known = new Set(state.taken.flatMap(({ digests }) => digests))
  const fresh: Notice[] = []
  for (const notice of notices) {
    if (known.has(notice.digest)) continue
    if (notice.sentAt !== null && notice.sentAt <= now - REMEMBERED_MS) continue
    known.add(notice.digest)
    fresh.push(notice)
  }
  if (fresh.length === 0) return { next: state, fresh }
  const isAsked = fresh.some(({ kind }) => kind === 'check-numbers')
  const waits = state.asked > state.begun
  return {
    next: {
      ...state,
      taken: remember(state.taken, fresh, now),
      asked: isAsked && !waits ? state.asked + 1 : state.asked,
    },
    fresh,
  }
}

/** A round that is under way, or begins now; the same inbox where there is none. */
export function beginRound(inbox: InboxState): InboxState {
  if (inbox.begun > inbox.over || inbox.asked === inbox.begun) return inbox
  return { ...inbox, begun: inbox.begun + 1, cursor: null }
}

/** The round has come to all numbers up to this one; null: to all. */
export function passRound(inbox: InboxState, round: number, cursor: string | null): InboxState {
  if (inbox.begun !== round || inbox.over === round) return inbox
  return cursor === null ? { ...inbox, over: round, cursor } : { ...inbox, cursor }
}

export function isIdle({ asked, over }: InboxState): boolean {
  return asked === over
}

function remember(
  taken: readonly TakenDay[],
  fresh: readonly Notice[],
  now: Instant,
): readonly TakenDay[] {
  const today = Math.floor(now / DAY)
  const digests = fresh.map(({ digest }) => digest)
  const last = taken.at(-1)
  // A clock that went back adds to the day that it was on: what is remembered stays in order.
  const days =
    last !== undefined && last.day >= today
      ? [...taken.slice(0, -1), { day: last.day, digests: [...last.digests, ...digests] }]
      : [...taken, { day: today, digests }]
  const young = days.filter(({ day }) => (day + 1) * DAY > now - REMEMBERED_MS)
  let surplus = young.reduce((sum, day) => sum + day.digests.length, 0) - REMEMBERED_MAX
  return young.map((day) => {
    if (surplus <= 0) return day
    const kept = day.digests.slice(surplus)
    surplus -= day.digests.length - kept.length
    return { ...day, digests: kept }
  })
}
