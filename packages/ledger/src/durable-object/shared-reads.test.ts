import type { AggregateKey } from '@latchkey/core'
import { expect, test } from 'vitest'
import type { StoredAggregate } from '../sql/aggregates.ts'
import { tokenKey } from '../suite/samples.ts'
import { sharedReads } from './shared-reads.ts'

const key = tokenKey(1)
const at = (version: number): StoredAggregate => ({ version, state: '{}', labels: '{}' })

function slowReads() {
  const begun: { readonly of: AggregateKey; readonly answer: (row: StoredAggregate) => void }[] = []
  const waiting: (() => void)[] = []
  const read = sharedReads((of) => {
    const { promise, resolve } = Promise.withResolvers<StoredAggregate>()
    begun.push({ of, answer: resolve })
    waiting.shift()?.()
    return promise
  }, 1)
  const begins = () => new Promise<void>((resolve) => void waiting.push(resolve))
  return { read, begun, begins }
}

test('sharedReads() makes one read of those that ask at once', async () => {
  const { read, begun, begins } = slowReads()
  const answers = Promise.all([read(key), read(key), read(key)])
  await begins()
  begun[0]?.answer(at(1))
  expect(await answers).toEqual([at(1), at(1), at(1)])
  expect(begun).toHaveLength(1)
})

// Whoever has just noted something looks whether another was faster: an answer from before would hide it.
test('sharedReads() answers nobody by a read that began before they asked', async () => {
  const { read, begun, begins } = slowReads()
  const first = read(key)
  await begins()
  const second = read(key)
  begun[0]?.answer(at(1))
  expect(await first).toEqual(at(1))
  if (begun.length < 2) await begins()
  begun[1]?.answer(at(2))
  expect(await second).toEqual(at(2))
})

test('sharedReads() reads each thing by itself', async () => {
  const { read, begun, begins } = slowReads()
  const all = begins().then(begins)
  void read(tokenKey(1))
  void read(tokenKey(2))
  await all
  expect(begun.map(({ of }) => of)).toEqual([tokenKey(1), tokenKey(2)])
})

test('sharedReads() tells all who share a read that it failed, and reads again for the next', async () => {
  let reads = 0
  const read = sharedReads(async () => {
    reads += 1
    if (reads === 1) throw new Error('cut off')
    return at(1)
  }, 1)
  const outcomes = await Promise.allSettled([read(key), read(key)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await read(key)).toEqual(at(1))
})
