import { describe, expect, test } from 'vitest'
import { Fault } from '../fault/fault.ts'
import { MINUTE, SECOND } from '../instant.ts'
import type { Again, ClaimedTask, TaskQueue } from '../ledger/ledger.ts'
import type { LogLevel } from '../ports.ts'
import type { Services } from '../services.ts'
import { NOW } from '../testing/sample-number.ts'
import { SimClock } from '../testing/sim-clock.ts'
import { runDueTasks, type TaskHandler } from './run-due.ts'

function task(name: string, attempts = 1): ClaimedTask {
  return { subject: { kind: 'number', id: 'num_1' }, name, due: NOW, data: {}, fence: 1, attempts }
}

/** A queue that gives these tasks once, and what it was told of each. */
function queueOf(tasks: readonly ClaimedTask[]) {
  const told: (readonly [string, Again | 'done'])[] = []
  const queue: TaskQueue = {
    claim: async (_now, limit) => tasks.slice(0, limit),
    async finish(done, again) {
      told.push([done.name, again ?? 'done'])
      return true
    },
    extend: async () => true,
    nextDue: async () => null,
  }
  return { queue, told }
}

function world() {
  const lines: (readonly [LogLevel, unknown])[] = []
  const services = {
    clock: new SimClock(NOW),
    logger: {
      log: (level: LogLevel, _text: string, fields: unknown) => void lines.push([level, fields]),
    },
  }
  // Running tasks needs nothing else; their handlers would.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { lines, services: services as unknown as Services }
}

const handlers = (handler: TaskHandler) => new Map([['work', handler]])

describe('runDueTasks()', () => {
  test('ends a task that is done, and sets one again that asks for it', async () => {
    const { services } = world()
    const both = new Map<string, TaskHandler>([
      ['once', async () => null],
      ['hourly', async () => NOW + 60 * MINUTE],
    ])
    const { queue, told } = queueOf([task('once'), task('hourly')])
    expect(await runDueTasks(services, queue, both, { limit: 10 })).toBe(2)
    expect(told).toEqual([
      ['once', 'done'],
      ['hourly', NOW + 60 * MINUTE],
    ])
  })

  test.each([
    [1, 10 * SECOND],
    [2, 20 * SECOND],
    [6, 320 * SECOND],
    [7, 640 * SECOND],
    [8, 15 * MINUTE],
    [5_000, 15 * MINUTE],
  ])('tries a task that failed at attempt %i again after %i ms', async (attempts, delay) => {
    const { services, lines } = world()
    const { queue, told } = queueOf([task('work', attempts)])
    const failing = handlers(async () => {
      throw new Fault('upstream_unavailable', 'Down')
    })
    await runDueTasks(services, queue, failing, { limit: 10 })
    expect(told).toEqual([['work', { retryAt: NOW + delay }]])
    expect(lines).toEqual([
      ['error', { task: 'work', subject: 'num_1', attempts, code: 'upstream_unavailable' }],
    ])
  })

  test('lets no task that fails keep another from being done, and tells nothing of a defect’s text', async () => {
    const { services, lines } = world()
    const { queue, told } = queueOf([task('work'), task('other')])
    const both = new Map<string, TaskHandler>([
      [
        'work',
        async () => {
          throw new Error('with a secret')
        },
      ],
      ['other', async () => null],
    ])
    await runDueTasks(services, queue, both, { limit: 10 })
    expect(told).toContainEqual(['other', 'done'])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  test('leaves a task of a name it does not know to a newer program', async () => {
    const { services } = world()
    const { queue, told } = queueOf([task('of tomorrow')])
    await runDueTasks(
      services,
      queue,
      handlers(async () => null),
      { limit: 10 },
    )
    expect(told).toEqual([['of tomorrow', { retryAt: NOW + 10 * SECOND }]])
  })

  test('takes no more than it is allowed', async () => {
    const { services } = world()
    const { queue } = queueOf([task('work'), task('work')])
    expect(
      await runDueTasks(
        services,
        queue,
        handlers(async () => null),
        { limit: 1 },
      ),
    ).toBe(1)
  })
})
