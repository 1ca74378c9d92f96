import type { Instant, TaskQueue } from '@latchkey/core'
import type { GroupedWrites } from './grouped-writes.ts'
import type { PartitionAccess } from './partition-access.ts'
import type { PartitionStore } from './partition-store.ts'

/** The object's own partition, without RPC. */
export function localPartition(
  store: PartitionStore,
  { mutate }: Pick<GroupedWrites, 'mutate'>,
): PartitionAccess {
  return {
    mutate,
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

/**
 * Another partition as the object sees it: only when the registry knows what the object has committed before, so that
 * whoever hears that something is done finds it done. Reads of one thing need none of that.
 */
export function afterTelling(
  access: PartitionAccess,
  tellRegistry: () => Promise<void>,
): PartitionAccess {
  return {
    ...access,
    async mutate(key, decide) {
      await tellRegistry()
      return access.mutate(key, decide)
    },
    async list(query) {
      await tellRegistry()
      return access.list(query)
    },
    async events(query) {
      await tellRegistry()
      return access.events(query)
    },
  }
}
