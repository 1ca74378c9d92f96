import { expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

test('coalesce() lets calls during a run share the next one', async () => {
  const runs: PromiseWithResolvers<void>[] = []
  const push = coalesce(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  const first = push()
  const others = [push(), push(), push()]
  expect(runs).toHaveLength(1)
  runs[0]?.resolve()
  await first
  expect(runs).toHaveLength(2)
  runs[1]?.resolve()
  await Promise.all(others)
  expect(runs).toHaveLength(2)
})

test('coalesce() begins the next run though the one before it failed', async () => {
  let runs = 0
  const push = coalesce(async () => {
    runs += 1
    await Promise.resolve()
    if (runs === 1) throw new Error('unreachable')
  })
  const first = push()
  const second = push()
  await expect(first).rejects.toThrow('unreachable')
  await second
  await push()
  expect(runs).toBe(3)
})
