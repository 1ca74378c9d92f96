import { describe, expect, test } from 'vitest'
import { DAY } from '../instant.ts'
import type { Notice } from '../provider/webhook.ts'
import { NOW } from '../testing/sample-number.ts'
import { beginRound, type InboxState, isIdle, passRound, takeNotices } from './inbox.ts'

const notice = (digest: string, more: Partial<Notice> = {}): Notice => ({
  kind: 'check-numbers',
  account: null,
  digest,
  reason: 'test',
  sentAt: null,
  ...more,
})

function taken(inbox: InboxState | null, digests: readonly string[], now = NOW): InboxState {
  return takeNotices(
    inbox,
    digests.map((digest) => notice(digest)),
    now,
  ).next
}

describe('takeNotices()', () => {
  test('takes each once, within a batch too', () => {
    const { next, fresh } = takeNotices(
      null,
      ['a', 'b', 'a'].map((each) => notice(each)),
      NOW,
    )
    expect(fresh.map(({ digest }) => digest)).toEqual(['a', 'b'])
    expect(takeNotices(next, [notice('b')], NOW)).toEqual({ next, fresh: [] })
  })

  test('remembers for seven days, also over a clock that went back', () => {
    const inbox = taken(taken(null, ['a']), ['b'], NOW - DAY)
    for (const digest of ['a', 'b']) {
      expect(takeNotices(inbox, [notice(digest)], NOW + 7 * DAY - 1).fresh).toEqual([])
    }
    const later = taken(inbox, ['c'], NOW + 9 * DAY)
    expect(later.taken.flatMap(({ digests }) => digests)).toEqual(['c'])
  })

  // What is remembered no longer could be sent again by whoever kept it.
  test('takes none that was sent longer ago than is remembered', () => {
    const times = [NOW - 7 * DAY, NOW - 7 * DAY + 1, NOW + DAY]
    const fresh = times.map((sentAt) => takeNotices(null, [notice('a', { sentAt })], NOW).fresh)
    expect(fresh.map(({ length }) => length)).toEqual([0, 1, 1])
  })

  test('remembers a bounded number, the newest', () => {
    const [first, second] = ['1', '2'].map((day) =>
      Array.from({ length: 6_000 }, (_, index) => `${day}.${index}`),
    )
    const inbox = taken(taken(null, first ?? []), second ?? [], NOW + DAY)
    const digests = inbox.taken.flatMap((day) => day.digests)
    expect([digests.length, digests[0], digests.at(-1)]).toEqual([10_000, '1.2000', '2.5999'])
  })

  // A ledger's rows end at 256 KiB: an inbox that outgrew one could take nothing any more.
  test('fits into a row, however much it is told', () => {
    const digests = Array.from({ length: 30_000 }, (_, index) => String(index).padStart(20, '0'))
    expect(JSON.stringify(taken(null, digests)).length).toBeLessThan(256 * 1024)
  })

  test('asks for one round, however many notices wait for it', () => {
    const waiting = taken(taken(null, ['a', 'b']), ['c'])
    expect(waiting.asked).toBe(1)
    const begun = beginRound(waiting)
    expect(taken(taken(begun, ['d']), ['e']).asked).toBe(2)
  })

  test('asks for no round for certificates', () => {
    const { next } = takeNotices(null, [notice('a', { kind: 'refresh-certificates' })], NOW)
    expect(isIdle(next)).toBe(true)
  })
})

describe('a round', () => {
  test('goes on where it was, and ends with the last number', () => {
    const begun = beginRound(taken(null, ['a']))
    const halfway = passRound(begun, 1, 'num_5')
    expect(beginRound(halfway)).toBe(halfway)
    const over = passRound(halfway, 1, null)
    expect([over.over, over.cursor, isIdle(over)]).toEqual([1, null, true])
    expect(beginRound(over)).toBe(over)
  })

  test('that is over is not taken back by somebody who was slow at it', () => {
    const over = passRound(beginRound(taken(null, ['a'])), 1, null)
    expect(passRound(over, 1, 'num_5')).toBe(over)
    const next = beginRound(taken(over, ['b']))
    expect(passRound(next, 1, null)).toBe(next)
  })
})
