import type { AggregateKey } from '@latchkey/core'
import { expect, test } from 'vitest'
import type { StoredAggregate } from '../sql/aggregates.ts'
import { tokenKey } from '../suite/samples.ts'
import { sharedReads } from './shared-reads.ts'

const key = tokenKey(1)
const at = (version: number): StoredAggregate => ({ version, state: '{}', labels: '{}' })

function slowReads() {
  const under: PromiseWithResolvers<StoredAggregate>[] = []
  const read = sharedReads(() => {
    const one = Promise.withResolvers<StoredAggregate>()
    under.push(one)
    return one.promise
  })
  return { read, under }
}

// Whoever has just noted something looks whether another was faster: an answer from before would hide it.
test('sharedReads() answers nobody by a read that began before they asked', async () => {
  const { read, under } = slowReads()
  const first = read(key)
  const others = [read(key), read(key), read(key)]
  expect(under).toHaveLength(1)
  under[0]?.resolve(at(1))
  expect(await first).toEqual(at(1))
  expect(under).toHaveLength(2)
  under[1]?.resolve(at(2))
  expect(await Promise.all(others)).toEqual([at(2), at(2), at(2)])
  void read(key)
  expect(under).toHaveLength(3)
})

test('sharedReads() reads again for those who wait, where a read fails', async () => {
  const { read, under } = slowReads()
  const first = read(key)
  const second = read(key)
  under[0]?.reject(new Error('cut off'))
  await expect(first).rejects.toThrow('cut off')
  under[1]?.resolve(at(1))
  expect(await second).toEqual(at(1))
})

test('sharedReads() reads each thing by itself', () => {
  const asked: AggregateKey[] = []
  const read = sharedReads(async (one) => {
    asked.push(one)
    return at(1)
  })
  void read(tokenKey(1))
  void read(tokenKey(2))
  expect(asked).toEqual([tokenKey(1), tokenKey(2)])
})
