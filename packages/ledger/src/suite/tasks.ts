import type { AggregateKey, ClaimedTask, Ledger, TaskDraft } from '@latchkey/core'
import { expect } from 'vitest'
import type { Check } from './harness.ts'
import { NOW, numberKey, PLACES, tokenKey } from './samples.ts'

const LEASE = 60_000
const NAME = 'settle'

function schedule(ledger: Ledger, key: AggregateKey, ...tasks: TaskDraft[]): Promise<null> {
  return ledger.mutate(key, () => ({ result: null, tasks }))
}

function only(tasks: readonly ClaimedTask[]): ClaimedTask {
  expect(tasks).toHaveLength(1)
  const [task] = tasks
  if (task === undefined) throw new Error('no task was claimed')
  return task
}

function testLeases(check: Check): void {
  const key = numberKey(1)

  check('claim() hands a task to nobody else before its lease ends', async (harness) => {
    await schedule(harness.ledger, key, { name: NAME, due: NOW })
    const queue = harness.queueOf(key)
    const first = only(await queue.claim(NOW, 10, LEASE))
    expect(await queue.claim(NOW + LEASE - 1, 10, LEASE)).toEqual([])
    const second = only(await queue.claim(NOW + LEASE, 10, LEASE))
    expect(second.fence).toBeGreaterThan(first.fence)
    expect([first.attempts, second.attempts]).toEqual([1, 2])
    expect(await queue.finish(first)).toBe(false)
    expect(await queue.finish(second)).toBe(true)
    expect(await queue.nextDue()).toBeNull()
  })

  check('extend() keeps a task from others for as long as its holder lives', async (harness) => {
    await schedule(harness.ledger, key, { name: NAME, due: NOW })
    const queue = harness.queueOf(key)
    const first = only(await queue.claim(NOW, 10, LEASE))
    expect(await queue.extend(first, NOW + 2 * LEASE)).toBe(true)
    expect(await queue.extend(first, NOW + LEASE)).toBe(true)
    expect(await queue.claim(NOW + 2 * LEASE - 1, 10, LEASE)).toEqual([])
    const second = only(await queue.claim(NOW + 2 * LEASE, 10, LEASE))
    expect(await queue.extend(first, NOW + 9 * LEASE)).toBe(false)
    expect(await queue.finish(second)).toBe(true)
    expect(await queue.extend(second, NOW + 9 * LEASE)).toBe(false)
    expect(await queue.nextDue()).toBeNull()
  })

  check('claim() never gives one task to two claimers', async (harness) => {
    const keys = Array.from({ length: 30 }, (_, n) => numberKey(n))
    for (const each of keys) await schedule(harness.ledger, each, { name: NAME, due: NOW })
    const queue = harness.queueOf(key)
    const claims = Array.from({ length: 8 }, () => queue.claim(NOW, 5, LEASE))
    const tasks = (await Promise.all(claims)).flat()
    expect(tasks.map((task) => task.subject.id).sort()).toEqual(keys.map((each) => each.id))
    expect(new Set(tasks.map((task) => task.fence)).size).toBe(keys.length)
  })

  check('the old holder of a replaced task cannot finish the new one', async (harness) => {
    await schedule(harness.ledger, key, { name: NAME, due: NOW, data: { round: 1 } })
    const queue = harness.queueOf(key)
    const old = only(await queue.claim(NOW, 10, LEASE))
    await schedule(harness.ledger, key, { name: NAME, due: NOW, data: { round: 2 } })
    expect(await queue.finish(old)).toBe(false)
    expect(await queue.finish(old, NOW + 1)).toBe(false)
    const next = only(await queue.claim(NOW, 10, LEASE))
    expect(next).toMatchObject({ data: { round: 2 }, attempts: 1 })
    expect(await queue.finish(next)).toBe(true)
  })

  // A holder that slept through its lease comes back after its task was removed and made anew.
  check('a fence never returns, though its task is removed and made again', async (harness) => {
    const queue = harness.queueOf(key)
    const fences: number[] = []
    for (let round = 0; round < 3; round += 1) {
      await schedule(harness.ledger, key, { name: NAME, due: NOW })
      const task = only(await queue.claim(NOW, 10, LEASE))
      fences.push(task.fence)
      await schedule(harness.ledger, key, { name: NAME, due: null })
      expect(await queue.finish(task)).toBe(false)
    }
    expect(fences).toEqual([...new Set(fences)].sort((one, other) => one - other))
  })

  check('a lease holds when the clock jumps back', async (harness) => {
    await schedule(harness.ledger, key, { name: NAME, due: NOW - 2 * LEASE })
    const queue = harness.queueOf(key)
    const task = only(await queue.claim(NOW, 10, LEASE))
    expect(await queue.claim(NOW - LEASE, 10, LEASE)).toEqual([])
    expect(await queue.finish(task)).toBe(true)
  })
}

export function testTasks(check: Check): void {
  testLeases(check)

  for (const [place, keyOf] of PLACES) {
    check(`claim() takes due tasks alone, longest due first ${place}`, async (harness) => {
      const { ledger } = harness
      await schedule(ledger, keyOf(1), { name: NAME, due: NOW - 1, data: { n: 1 } })
      await schedule(ledger, keyOf(2), { name: NAME, due: NOW - 3 }, { name: 'b', due: NOW - 2 })
      await schedule(ledger, keyOf(3), { name: NAME, due: NOW + 1 })
      const queue = harness.queueOf(keyOf(1))
      expect(await queue.nextDue()).toBe(NOW - 3)
      const first = await queue.claim(NOW, 2, LEASE)
      const second = await queue.claim(NOW, 2, LEASE)
      expect([...first, ...second]).toMatchObject([
        { subject: keyOf(2), name: NAME, due: NOW - 3, data: {} },
        { subject: keyOf(2), name: 'b', due: NOW - 2 },
        { subject: keyOf(1), name: NAME, due: NOW - 1, data: { n: 1 } },
      ])
      expect(await queue.nextDue()).toBe(NOW + 1)
    })
  }

  for (const [place, keyOf] of PLACES) {
    check(
      `claim() passes over a task that cannot be read, and tells of it once ${place}`,
      async (harness) => {
        for (const n of [1, 2, 3])
          await schedule(harness.ledger, keyOf(n), { name: NAME, due: NOW })
        await harness.damageTasks(keyOf(1))
        await harness.damageTasks(keyOf(2))
        const queue = harness.queueOf(keyOf(1))
        expect(only(await queue.claim(NOW, 1, LEASE)).subject).toEqual(keyOf(3))
        expect(await queue.claim(NOW, 10, LEASE)).toEqual([])
        expect(await harness.reported(keyOf(1))).toEqual(['internal', 'internal'])
        expect(await queue.nextDue()).toBe(NOW + LEASE)
      },
    )
  }

  check('finish() sets a task to be done again, once', async (harness) => {
    const key = tokenKey(1)
    await schedule(harness.ledger, key, { name: NAME, due: NOW })
    const queue = harness.queueOf(key)
    const task = only(await queue.claim(NOW, 10, LEASE))
    expect(await queue.finish(task, NOW + 5)).toBe(true)
    expect(await queue.finish(task)).toBe(false)
    expect(await queue.nextDue()).toBe(NOW + 5)
    expect(only(await queue.claim(NOW + 5, 10, LEASE))).toMatchObject({
      due: NOW + 5,
      attempts: 1,
    })
  })

  // A task of many turns would otherwise wait as long for its first failure as one that has failed as often.
  check(
    'finish() counts the attempts of what failed, and none of what got done',
    async (harness) => {
      const key = tokenKey(1)
      await schedule(harness.ledger, key, { name: NAME, due: NOW })
      const queue = harness.queueOf(key)
      const attempts: number[] = []
      for (const again of [NOW, { retryAt: NOW }, { retryAt: NOW }, NOW, { retryAt: NOW }]) {
        const task = only(await queue.claim(NOW, 10, LEASE))
        attempts.push(task.attempts)
        await queue.finish(task, again)
      }
      expect(attempts).toEqual([1, 1, 2, 3, 1])
    },
  )

  check('nextDue() counts the end of a lease', async (harness) => {
    const key = tokenKey(1)
    await schedule(harness.ledger, key, { name: NAME, due: NOW })
    const queue = harness.queueOf(key)
    await queue.claim(NOW, 10, LEASE)
    expect(await queue.nextDue()).toBe(NOW + LEASE)
  })

  check('a task outlives the tombstone of its subject', async (harness) => {
    const key = tokenKey(1)
    const tasks = [{ name: 'release', due: NOW }]
    await harness.ledger.mutate(key, () => ({ result: null, next: null, tasks }))
    only(await harness.queueOf(key).claim(NOW, 10, LEASE))
  })
}
