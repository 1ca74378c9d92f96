import { describe, expect, test } from 'vitest'
import { createTurns, turnsOf } from './turns.ts'

describe('createTurns()', () => {
  // Endpoints that never answer come as often as they may.
  test('leaves places for endpoints that do not fail, whatever the others take', () => {
    for (const callsAtOnce of [undefined, 6, 4, 1]) {
      const turns = createTurns(callsAtOnce)
      let failing = 0
      while (turns.take(true) !== null) failing += 1
      expect(failing).toBeGreaterThan(0)
      expect(turns.take(false)).not.toBeNull()
    }
  })

  test('gives a place back', () => {
    const turns = createTurns(2)
    const release = turns.take(true)
    expect(turns.take(true)).toBeNull()
    release?.()
    expect(turns.take(true)).not.toBeNull()
  })

  test('has an end', () => {
    const turns = createTurns(6)
    for (let taken = 0; taken < 3; taken += 1) expect(turns.take(false)).not.toBeNull()
    expect(turns.take(false)).toBeNull()
  })
})

describe('turnsOf()', () => {
  test('is one for each port', () => {
    const [port, other] = [{}, {}]
    expect(turnsOf(port, 6)).toBe(turnsOf(port, 6))
    expect(turnsOf(port, 6)).not.toBe(turnsOf(other, 6))
  })
})
