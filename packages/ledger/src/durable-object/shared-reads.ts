import type { AggregateKey } from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'

type Read = (key: AggregateKey) => Promise<StoredAggregate>

/** No timer is that late: its turn was cut off. */
const LOST_AFTER_MS = 1_000

interface Gathering {
  readonly since: number
  readonly answer: Promise<StoredAggregate>
}

/**
 * Makes one read of those that ask for the same within `ms`. It begins after all of them have asked, so that what was
 * committed before is seen as ever.
 */
export function sharedReads(read: Read, ms: number): Read {
  const gatherings = new Map<string, Gathering>()

  const readSoon = async (key: AggregateKey): Promise<StoredAggregate> => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    gatherings.delete(key.id)
    return read(key)
  }

  return (key) => {
    const now = Date.now()
    const known = gatherings.get(key.id)
    if (known !== undefined && Math.abs(now - known.since) < LOST_AFTER_MS) return known.answer
    const answer = readSoon(key)
    gatherings.set(key.id, { since: now, answer })
    return answer
  }
}
