import type { AggregateKey } from '@latchkey/core'
import type { StoredAggregate } from '../sql/aggregates.ts'

/** As many as a rotation has under way at once, and then some; many objects share the memory of one isolate. */
const KEPT_MAX = 64
/** Characters. */
const LARGEST = 16_384

/**
 * The rows that an object has read or written last. Nobody else writes to its storage, so they are what is stored for
 * as long as it is told of every write, and clears all where one is undone.
 */
export class RecentRows {
  readonly #rows = new Map<string, StoredAggregate>()

  get({ id }: AggregateKey): StoredAggregate | null {
    return this.#rows.get(id) ?? null
  }

  keep({ id }: AggregateKey, row: StoredAggregate): void {
    // What is put last is dropped last.
    this.#rows.delete(id)
    if (row.version === 0 || (row.state?.length ?? 0) > LARGEST) return
    const oldest = this.#rows.keys().next()
    if (this.#rows.size >= KEPT_MAX && oldest.done !== true) this.#rows.delete(oldest.value)
    this.#rows.set(id, row)
  }

  clear(): void {
    this.#rows.clear()
  }
}
