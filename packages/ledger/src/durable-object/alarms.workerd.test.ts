import { evictDurableObject, reset, runDurableObjectAlarm } from 'cloudflare:test'
import type { Instant, TaskQueue } from '@latchkey/core'
import { afterEach, expect, test } from 'vitest'
import { CONNECTION, increment, NOW, numberKey, tokenKey } from '../suite/samples.ts'
import { alarmOf, inside, loseAlarm, openLedger, queueOf, stubOf } from './testing.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
/** So late that a task is due at any time. */
const ALWAYS = NOW + 24 * 60 * MINUTE

const ledger = openLedger()
const key = numberKey(1)
afterEach(() => reset())

function schedule(due: Instant, n = 1): Promise<null> {
  return ledger.mutate(numberKey(n), () => ({ result: null, tasks: [{ name: 'settle', due }] }))
}

/** Takes all that is due and finishes it. */
async function drain(queue: TaskQueue, done: string[]): Promise<void> {
  for (;;) {
    const tasks = await queue.claim(ALWAYS, 1, MINUTE)
    if (tasks.length === 0) return
    for (const task of tasks) {
      done.push(task.subject.id)
      await queue.finish(task)
    }
  }
}

/** A turn of the object that commits to three numbers and reads from the registry. */
function takeTurn(): Promise<void> {
  return inside(CONNECTION, async (object) => {
    object.work = async (_, own) => {
      await Promise.all([1, 2, 3].map((n) => own.mutate(numberKey(n), increment)))
      await own.read(tokenKey(1))
    }
    await object.alarm()
  })
}

test('a commit sets the alarm to the earliest task that is due', async () => {
  await schedule(NOW + MINUTE, 1)
  expect(await alarmOf(CONNECTION)).toBe(NOW + MINUTE)
  await schedule(NOW + 2 * MINUTE, 2)
  expect(await alarmOf(CONNECTION)).toBe(NOW + MINUTE)
  await schedule(NOW, 3)
  expect(await alarmOf(CONNECTION)).toBe(NOW)
})

test('an object that was evicted does not move its alarm behind what is due', async () => {
  await schedule(NOW, 1)
  await evictDurableObject(stubOf(CONNECTION))
  await schedule(NOW + MINUTE, 2)
  expect(await alarmOf(CONNECTION)).toBe(NOW)
})

test('after a turn the alarm is set to the end of a lease that still runs', async () => {
  await schedule(NOW)
  await queueOf(key).claim(NOW, 1, MINUTE)
  await runDurableObjectAlarm(stubOf(CONNECTION))
  expect(await alarmOf(CONNECTION)).toBe(NOW + MINUTE)
})

test('alarm() does what is due, on state of its own partition and of others', async () => {
  await schedule(NOW, 1)
  await schedule(NOW, 2)
  const done: string[] = []
  await inside(CONNECTION, (object) => {
    object.work = async (queue, own) => {
      await drain(queue, done)
      await own.mutate(key, increment)
      await own.mutate(tokenKey(1), increment)
      done.push(String((await own.list({ kind: 'number', limit: 5 })).items.length))
    }
  })
  expect(await runDurableObjectAlarm(stubOf(CONNECTION))).toBe(true)
  expect(done).toEqual([numberKey(1).id, numberKey(2).id, '1'])
  expect(await ledger.read(tokenKey(1))).toEqual({ state: { count: 1 }, version: 1 })
  expect(await queueOf(key).nextDue()).toBeNull()
})

// Each gathers what it commits, and reads, for a moment: one that begins must not throw away what the other waits for.
test('two turns side by side both come to their end', async () => {
  await schedule(NOW, 1)
  await Promise.all([takeTurn(), takeTurn()])
  expect(await ledger.read(numberKey(2))).toEqual({ state: { count: 2 }, version: 2 })
})

// The platform gives up on an alarm whose handler keeps throwing, and nothing would be done ever again.
test('alarm() never throws: a failure is reported, and the next turn set', async () => {
  await schedule(NOW)
  await inside(CONNECTION, (object) => {
    object.work = () => {
      throw new Error('the work failed')
    }
  })
  const before = Date.now()
  await runDurableObjectAlarm(stubOf(CONNECTION))
  expect(await inside(CONNECTION, (object) => object.reports.map(String))).toEqual([
    'Error: the work failed',
  ])
  expect(await alarmOf(CONNECTION)).toBe(NOW)
  await schedule(before - MINUTE, 2)
  await runDurableObjectAlarm(stubOf(CONNECTION))
  expect(await alarmOf(CONNECTION)).toBeGreaterThanOrEqual(before + SECOND)
})

// A sweeper asks every object from time to time, in case the platform has lost an alarm.
test('ping() sets the alarm that an object should have', async () => {
  await schedule(NOW)
  await loseAlarm(CONNECTION)
  await evictDurableObject(stubOf(CONNECTION))
  expect(await alarmOf(CONNECTION)).toBeNull()
  await stubOf(CONNECTION).ping()
  expect(await alarmOf(CONNECTION)).toBe(NOW)
})

test('an event of another object sets the alarm of one whose task follows the log', async () => {
  const follower = tokenKey(1)
  await ledger.mutate(follower, () => ({
    ...increment(null),
    tasks: [{ name: 'f', due: NOW }],
  }))
  const { items } = await ledger.events({ limit: 10 })
  const after = items.at(-1)?.id ?? ''
  const [task] = await queueOf(follower).claim(NOW, 1, MINUTE)
  if (task === undefined) throw new Error('no task was claimed')
  await runDurableObjectAlarm(stubOf('registry'))
  await queueOf(follower).finish(task, { at: ALWAYS, after })
  expect(await alarmOf('registry')).toBeGreaterThan(Date.now())
  await ledger.mutate(key, increment)
  expect(await alarmOf('registry')).toBeLessThanOrEqual(Date.now())
})
