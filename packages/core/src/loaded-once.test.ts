import { describe, expect, test } from 'vitest'
import { loadedOnce } from './loaded-once.ts'

describe('loadedOnce()', () => {
  test('loads once, and when it is first needed', async () => {
    let loads = 0
    const load = loadedOnce(async () => ({ number: (loads += 1) }))
    expect(loads).toBe(0)
    expect([await load(), await load()]).toEqual([{ number: 1 }, { number: 1 }])
  })

  test('tries again after a failure', async () => {
    let loads = 0
    const load = loadedOnce(async () => {
      loads += 1
      if (loads === 1) throw new TypeError('Cannot load')
      return { number: loads }
    })
    await expect(load()).rejects.toThrow('Cannot load')
    expect(await load()).toEqual({ number: 2 })
  })
})
