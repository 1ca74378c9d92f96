import { Fault, type Partition } from '@latchkey/core'
import { expect, test } from 'vitest'
import type { PartitionAccess } from './partition-access.ts'
import { answerOf, answerOfFault, type LedgerStub } from './protocol.ts'
import { remotePartition } from './remote-partition.ts'

const partition: Partition = 'registry'
const key = { kind: 'token', id: 'tok_1' } as const

const unused = async (): Promise<never> => {
  throw new Error('this call was not expected')
}
const stub: LedgerStub = {
  read: async () => answerOf({ version: 0, state: null, labels: '{}' }),
  commit: unused,
  list: unused,
  events: unused,
  digestHeads: unused,
  claimReceipt: unused,
  releaseReceipt: unused,
  project: unused,
  ping: unused,
  lay: unused,
}

function access(calls: Partial<LedgerStub>, pauses: number[] = []): PartitionAccess {
  return remotePartition(partition, {
    namespace: { getByName: () => ({ ...stub, ...calls }) },
    clock: { sleep: async (ms) => void pauses.push(ms) },
    random: { fraction: () => 1 },
  })
}

/** Fails so often with an error as the platform throws it, and then answers. */
function failing(
  times: number,
  properties: object,
): { calls: () => number; call: LedgerStub['ping'] } {
  let calls = 0
  return {
    calls: () => calls,
    async call() {
      calls += 1
      if (calls <= times) throw Object.assign(new Error('reset'), properties)
      return answerOf(null)
    },
  }
}

test('mutate() decides anew on every version it meets, with growing pauses', async () => {
  const pauses: number[] = []
  let version = 3
  const seen: number[] = []
  const registry = access(
    {
      read: async () => answerOf({ version, state: '{"count":1}', labels: '{}' }),
      async commit(_, expected) {
        version += 1
        return answerOf(expected === 5)
      },
    },
    pauses,
  )
  await registry.mutate(key, (_, current) => {
    seen.push(current)
    return { result: null, next: { count: 2 } }
  })
  expect(seen).toEqual([3, 4, 5])
  expect(pauses).toEqual([8, 16])
})

test('mutate() ends with a conflict that may be tried again, not in an endless race', async () => {
  let commits = 0
  const registry = access({
    async commit() {
      commits += 1
      return answerOf(false)
    },
  })
  const write = registry.mutate(key, () => ({ result: null, next: {} }))
  await expect(write).rejects.toMatchObject({ code: 'conflict', retryable: true })
  expect(commits).toBe(20)
})

test('mutate() turns the fault that an object answers back into one', async () => {
  const fault = new Fault('conflict', 'Cannot complete the request: it was claimed anew')
  const registry = access({ commit: async () => answerOfFault(fault) })
  const write = registry.mutate(key, () => ({ result: null, next: {} }))
  await expect(write).rejects.toMatchObject({ code: 'conflict', message: fault.message })
})

// The answer to a commit is lost: to send it again could do it twice.
test('mutate() never repeats a commit whose outcome nobody knows', async () => {
  let commits = 0
  const registry = access({
    async commit() {
      commits += 1
      throw Object.assign(new Error('reset'), { retryable: true })
    },
  })
  const write = registry.mutate(key, () => ({ result: null, next: {} }))
  await expect(write).rejects.toMatchObject({ code: 'internal' })
  expect(commits).toBe(1)
})

test('a read is tried again where the platform says that this can help', async () => {
  const ping = failing(2, { retryable: true })
  await access({ ping: ping.call }).ping()
  expect(ping.calls()).toBe(3)
})

test.each([
  ['an object that is overloaded', { retryable: true, overloaded: true }],
  ['an error of the object itself', {}],
])('a read is not tried again after %s', async (_, properties) => {
  const ping = failing(2, properties)
  await expect(access({ ping: ping.call }).ping()).rejects.toMatchObject({
    code: 'internal',
    message: 'Cannot reach the storage of registry',
  })
  expect(ping.calls()).toBe(1)
})
