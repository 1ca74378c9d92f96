import type { ClaimedTask, Ledger, TaskQueue } from '@latchkey/core'
import { expect } from 'vitest'
import type { Check, Harness } from './harness.ts'
import { chainOf, increment, NOW, numberKey, tokenKey } from './samples.ts'

const LEASE = 60_000
/** Later than any test looks. */
const LATER = NOW + 1_000 * LEASE
const own = tokenKey(1)

async function claimOne(queue: TaskQueue, at = NOW): Promise<ClaimedTask> {
  const [task, ...others] = await queue.claim(at, 10, LEASE)
  expect(others).toEqual([])
  if (task === undefined) throw new Error('no task was claimed')
  return task
}

async function newestOf(ledger: Ledger): Promise<string> {
  const { items } = await ledger.events({ limit: 200 })
  const id = items.at(-1)?.id
  if (id === undefined) throw new Error('the log is empty')
  return id
}

/** A task of the registry that waits for what comes after its own aggregate's event. */
async function following(harness: Harness): Promise<TaskQueue> {
  const { ledger } = harness
  await ledger.mutate(own, () => ({ ...increment(null), tasks: [{ name: 'follow', due: NOW }] }))
  const queue = harness.queueOf(own)
  const after = await newestOf(ledger)
  expect(await queue.finish(await claimOne(queue), { at: LATER, after })).toBe(true)
  return queue
}

/** Tasks that the log wakes. */
export function testFollowers(check: Check): void {
  check(
    'a task that follows the log sleeps until its time where nothing arrives',
    async (harness) => {
      const queue = await following(harness)
      expect(await queue.nextDue()).toBe(LATER)
      expect(await queue.claim(LATER - 1, 10, LEASE)).toEqual([])
      expect(await claimOne(queue, LATER)).toMatchObject({ name: 'follow', attempts: 1 })
    },
  )

  check(
    'an event wakes a task that follows the log, wherever its subject lives',
    async (harness) => {
      const queue = await following(harness)
      for (const key of [tokenKey(2), numberKey(1)]) {
        await harness.ledger.mutate(key, increment)
        expect(await queue.nextDue()).toBe(0)
        const task = await claimOne(queue)
        expect(task.attempts).toBe(1)
        expect(await queue.claim(NOW + LEASE - 1, 10, LEASE)).toEqual([])
        const after = await newestOf(harness.ledger)
        expect(await queue.finish(task, { at: LATER, after })).toBe(true)
        expect(await queue.nextDue()).toBe(LATER)
      }
    },
  )

  check('what changes without an event wakes no task', async (harness) => {
    const queue = await following(harness)
    await harness.ledger.mutate(tokenKey(2), () => ({ result: null, next: { count: 1 } }))
    expect(await queue.nextDue()).toBe(LATER)
  })

  // The event arrives while the task looks at the log for the last time.
  check('an event that arrived before the task finished wakes it', async (harness) => {
    const queue = await following(harness)
    await harness.ledger.mutate(tokenKey(2), increment)
    const task = await claimOne(queue)
    const after = await newestOf(harness.ledger)
    await harness.ledger.mutate(tokenKey(3), increment)
    expect(await queue.finish(task, { at: LATER, after })).toBe(true)
    expect(await queue.nextDue()).toBe(0)
  })

  check('a follower that died is taken when its lease ends, and not before', async (harness) => {
    const queue = await following(harness)
    await harness.ledger.mutate(tokenKey(2), increment)
    const first = await claimOne(queue)
    await harness.ledger.mutate(tokenKey(3), increment)
    expect(await queue.claim(NOW + LEASE - 1, 10, LEASE)).toEqual([])
    const second = await claimOne(queue, NOW + LEASE)
    expect(second).toMatchObject({ attempts: 2 })
    const [event] = await chainOf(harness.ledger, own)
    const again = { at: LATER, after: event?.id ?? '' }
    expect(await queue.finish(first, again)).toBe(false)
    expect(await queue.finish(second, again)).toBe(true)
  })

  check('a task that follows the log survives a restart', async (harness) => {
    await following(harness)
    await harness.restart()
    await harness.ledger.mutate(tokenKey(2), increment)
    expect(await claimOne(harness.queueOf(own))).toMatchObject({ name: 'follow' })
  })
}
