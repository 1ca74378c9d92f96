import type { AggregateKey } from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'

interface Reading {
  readonly now: Promise<StoredAggregate>
  /** For those that have asked since it began. */
  next: Promise<StoredAggregate> | null
}

type Read = (key: AggregateKey) => Promise<StoredAggregate>

/**
 * Makes one read of those that ask for the same at once. Whoever asks is answered by a read that began after that, so
 * that what was committed before is seen as ever.
 */
export function sharedReads(read: Read): Read {
  const readings = new Map<string, Reading>()

  const begin = (key: AggregateKey): Promise<StoredAggregate> => {
    const now = read(key)
    const reading: Reading = { now, next: null }
    readings.set(key.id, reading)
    const end = () => {
      if (readings.get(key.id) === reading) readings.delete(key.id)
    }
    now.then(end, end)
    return now
  }

  return (key) => {
    const reading = readings.get(key.id)
    if (reading === undefined) return begin(key)
    const again = () => begin(key)
    reading.next ??= reading.now.then(again, again)
    return reading.next
  }
}
