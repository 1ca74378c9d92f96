import { describe, expect, test } from 'vitest'
import { batchLines } from './line-batch.ts'

describe('batchLines()', () => {
  test('writes lines that come together at once, in order, and nothing twice', () => {
    const written: string[] = []
    const batch = batchLines((text) => void written.push(text))
    batch.add(() => 'one', 'info')
    batch.add(() => 'two', 'debug')
    expect(written).toEqual([])
    batch.flush()
    batch.flush()
    expect(written).toEqual(['one\ntwo'])
  })

  test('writes them soon by itself, time after time', async () => {
    let arrived = Promise.withResolvers<string>()
    const batch = batchLines((text) => arrived.resolve(text))
    batch.add(() => 'one', 'info')
    expect(await arrived.promise).toBe('one')
    arrived = Promise.withResolvers()
    batch.add(() => 'two', 'info')
    expect(await arrived.promise).toBe('two')
  })

  test.each(['warn', 'error'] as const)('keeps no line of level %s waiting', (level) => {
    const written: string[] = []
    const batch = batchLines((text) => void written.push(text))
    batch.add(() => 'before', 'info')
    batch.add(() => 'wrong', level)
    expect(written).toEqual(['before\nwrong'])
  })
})
