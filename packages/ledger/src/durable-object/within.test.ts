import { expect, test } from 'vitest'
import { within } from './within.ts'

test('within() ends without work that does not', async () => {
  await within(1, new Promise(() => undefined))
})

test('within() waits for work that ends in time, and hands on its failure', async () => {
  let done = false
  await within(
    60_000,
    Promise.resolve().then(() => void (done = true)),
  )
  expect(done).toBe(true)
  await expect(within(60_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed')
})
