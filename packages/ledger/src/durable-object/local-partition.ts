import type { Instant, TaskQueue } from '@latchkey/core'
import type { PartitionAccess } from './partition-access.ts'
import type { PartitionStore } from './partition-store.ts'

/** The object's own partition, without RPC. `tellRegistry` runs after a commit that lists or events show. */
export function localPartition(
  store: PartitionStore,
  tellRegistry: () => Promise<void>,
): PartitionAccess {
  return {
    async mutate(key, decide) {
      const { result, isPublic } = store.mutate(key, decide)
      if (isPublic) await tellRegistry()
      return result
    },
    read: async (key) => store.read(key),
    list: async (query) => store.list(query),
    events: async (query) => store.events(query),
    digestHeads: (upTo) => store.digestHeads(upTo),
    claimReceipt: async (request) => store.claimReceipt(request),
    releaseReceipt: async (id, holder) => store.releaseReceipt(id, holder),
    ping: async () => void store.nextDue(),
  }
}

/** The object's own tasks; from `until` on there are none to be had, so that a turn comes to its end. */
export function localQueue(store: PartitionStore, until: Instant): TaskQueue {
  return {
    claim: async (now, limit, leaseMs) =>
      Date.now() < until ? store.claim(now, limit, leaseMs) : [],
    extend: async (task, leaseUntil) => store.extend(task, leaseUntil),
    finish: async (task, again) => store.finish(task, again ?? null),
    nextDue: async () => store.nextDue(),
  }
}
