import { type ClaimedTask, type Services, type TaskHandler, type TaskQueue } from '@latchkey/core'
import { systemClock } from '@latchkey/platform'
import { describe, expect, test } from 'vitest'
import { drain } from './drain.ts'

const NOW = Date.UTC(2026, 0, 1)

function taskOf(id: string): ClaimedTask {
  const subject = { kind: 'token', id } as const
  return { subject, name: 'work', due: NOW, data: {}, fence: 1, attempts: 1 }
}

/** A queue of these tasks, to which more may be added, and what has been finished. */
function queueOf(...ids: string[]) {
  const waiting = ids.map(taskOf)
  const finished: string[] = []
  const queue: TaskQueue = {
    claim: async (_now, limit) => waiting.splice(0, limit),
    async finish({ subject }) {
      finished.push(subject.id)
      return true
    },
    extend: async () => true,
    nextDue: async () => null,
  }
  return { queue, finished, add: (id: string) => void waiting.push(taskOf(id)) }
}

// Running tasks needs nothing else; their handlers would.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const services = { clock: systemClock } as unknown as Services
const handlers = (handler: TaskHandler) => new Map([['work', handler]])

describe('drain()', () => {
  test('does all that is due, also more than at once', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `tok_${index}`)
    const { queue, finished } = queueOf(...ids)
    await drain(
      services,
      queue,
      handlers(async () => null),
    )
    expect(finished.toSorted()).toEqual(ids.toSorted())
  })

  // A receiver of webhooks that never answers must not keep a rotation waiting.
  test('does what becomes due while another task hangs', async () => {
    const { queue, finished, add } = queueOf('slow', 'quick')
    const released = Promise.withResolvers<null>()
    await drain(
      services,
      queue,
      handlers(async (_, { subject }) => {
        if (subject.id === 'slow') return released.promise
        if (subject.id === 'quick') add('later')
        else released.resolve(null)
        return null
      }),
    )
    expect(finished).toEqual(['quick', 'later', 'slow'])
  })

  test('throws what the storage failed with when everything else has ended', async () => {
    const { queue, finished } = queueOf('broken', 'sound')
    const finish = queue.finish.bind(queue)
    const failing: TaskQueue = {
      ...queue,
      finish: (task) =>
        task.subject.id === 'broken' ? Promise.reject(new Error('Broken')) : finish(task),
    }
    await expect(
      drain(
        services,
        failing,
        handlers(async () => null),
      ),
    ).rejects.toThrow('Broken')
    expect(finished).toEqual(['sound'])
  })
})
