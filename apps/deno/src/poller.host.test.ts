import {
  type ClaimedTask,
  type Clock,
  SECOND,
  type Services,
  SETTLE,
  type TaskQueue,
} from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { pauseAfter, pollTasks } from './poller.ts'

test('pauseAfter() grows with each failure in a row, to 30 s', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 5_000].map((failures) => pauseAfter(failures))
  expect(pauses).toEqual([0.25, 0.5, 1, 2, 4, 8, 30].map((seconds) => seconds * SECOND))
})

const NOW = Date.UTC(2026, 9, 20)

/** A number that hangs until it is let go, as its ledger does not answer. */
function world(waiting: number) {
  const begun: string[] = []
  const open = new Map<string, () => void>()
  const told: string[] = []
  const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() }
  const tasks = Array.from({ length: waiting }, (_, index): ClaimedTask => {
    const subject = { kind: 'number', id: `num_${index}` } as const
    return { subject, name: SETTLE, due: NOW, data: {}, fence: 1, attempts: 1 }
  })
  const queue: TaskQueue = {
    claim: async (_now, limit) => tasks.splice(0, limit),
    async finish({ subject }) {
      told.push(subject.id)
      return true
    },
    extend: async () => true,
    nextDue: async () => null,
  }
  const services = {
    clock,
    logger: { log: () => undefined },
    ledger: {
      read: ({ id }: { readonly id: string }) =>
        new Promise((resolve) => {
          begun.push(id)
          open.set(id, () => resolve(null))
        }),
    },
  }
  // Settling a number that is not there needs nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { begun, open, told, queue, services: services as unknown as Services }
}

const turns = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('pollTasks()', () => {
  test('does 64 tasks at once, and takes the next when one of them ends', async () => {
    const { begun, open, told, queue, services } = world(66)
    const stopping = new AbortController()
    const polling = pollTasks(services, queue, stopping.signal)
    await turns()
    expect(begun).toHaveLength(64)
    open.get('num_3')?.()
    await turns()
    expect(told).toEqual(['num_3'])
    expect(begun).toHaveLength(65)
    stopping.abort()
    for (const release of open.values()) release()
    await polling
    expect(told.length).toBeGreaterThanOrEqual(65)
  })

  test('goes on where the storage did not answer, or a task could not be ended', async () => {
    const { begun, open, queue, services } = world(2)
    const stopping = new AbortController()
    let asked = 0
    const failing: TaskQueue = {
      ...queue,
      async claim(now, limit, leaseMs) {
        asked += 1
        if (asked === 1) throw new Error('The disk is gone')
        return queue.claim(now, limit, leaseMs)
      },
      finish: () => Promise.reject(new Error('The disk is gone')),
    }
    const polling = pollTasks(services, failing, stopping.signal)
    while (begun.length < 2) await turns()
    for (const release of open.values()) release()
    stopping.abort()
    await expect(polling).resolves.toBeUndefined()
  })
})
