import { expect, test } from 'vitest'
import { turns } from './turns.ts'

test('turns() lets those who want the same have it one after the other', async () => {
  const inTurn = turns()
  const said: string[] = []
  const use = (key: string, name: string) =>
    inTurn(key, async () => {
      said.push(`${name} begins`)
      await Promise.resolve()
      said.push(`${name} ends`)
      return name
    })
  expect(await Promise.all([use('one', 'a'), use('one', 'b'), use('one', 'c')])).toEqual([
    'a',
    'b',
    'c',
  ])
  expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('turns() keeps nobody waiting for another thing, or for one that failed', async () => {
  const inTurn = turns()
  const never = new Promise<never>(() => undefined)
  void inTurn('one', () => never)
  expect(await inTurn('two', async () => 'done')).toBe('done')
  const failed = inTurn('three', () => Promise.reject(new Error('no')))
  const next = inTurn('three', async () => 'done')
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('done')
})
