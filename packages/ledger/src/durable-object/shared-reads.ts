import type { AggregateKey } from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'

type Read = (key: AggregateKey) => Promise<StoredAggregate>

export interface SharedReads {
  readonly read: Read
  /** Begins anew: who waited was of a turn that was cut off. */
  readonly forget: () => void
}

/**
 * Makes one read of those that ask for the same within `ms`. It begins after all of them have asked, so that what was
 * committed before is seen as ever.
 */
export function sharedReads(read: Read, ms: number): SharedReads {
  let gathering = new Map<string, Promise<StoredAggregate>>()

  const readSoon = async (key: AggregateKey): Promise<StoredAggregate> => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    gathering.delete(key.id)
    return read(key)
  }

  return {
    read(key) {
      const known = gathering.get(key.id)
      if (known !== undefined) return known
      const soon = readSoon(key)
      gathering.set(key.id, soon)
      return soon
    },
    forget() {
      gathering = new Map()
    },
  }
}
