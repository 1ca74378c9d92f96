import { SimClock } from '@latchkey/core/testing'
import { expect, test } from 'vitest'
import { eventStream } from './event-stream.ts'

// Somebody opens streams and hangs up, again and again: what each one asks the storage has to end with it.
test('eventStream() looks no more once nobody listens', async () => {
  const clock = new SimClock(0)
  let looks = 0
  const message = { id: '1', event: 'progress', data: {} }
  const { body } = await eventStream(clock, null, async () => {
    looks += 1
    return { message, isLast: false }
  })
  const reader = body?.getReader()
  for (let chunk = 0; chunk < 2; chunk += 1) await reader?.read()
  void reader?.read()
  await clock.advance(2_000)
  const before = looks
  expect(before).toBeGreaterThan(1)
  await reader?.cancel()
  await clock.advance(60_000)
  expect(looks).toBeLessThanOrEqual(before + 1)
})
