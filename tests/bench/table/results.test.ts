import { describe, expect, test } from 'vitest'
import { renderResults } from './results.ts'
import type { Row } from './row.ts'

const row = (id: string, value: number): Row => {
  return { id, what: 'Something', value, unit: 'ms', bound: 10, direction: 'at most' }
}

describe('renderResults()', () => {
  const names = ['fleet', 'read']
  const first = renderResults('', names, new Map([['read', [row('read/a', 1)]]]), 'in May')

  test('writes a benchmark with where and when it was measured', () => {
    expect(first).toContain('## read\n\nin May\n\n| row ')
    expect(first).toContain('| read/a | Something | 1.00 ms ')
    expect(first).not.toContain('## fleet')
  })

  test('leaves what was not measured now as it was', () => {
    const measured = new Map([['fleet', [row('fleet/b', 2)]]])
    const second = renderResults(first, names, measured, 'in June')
    expect(second).toContain('## fleet\n\nin June\n\n')
    expect(second).toContain('## read\n\nin May\n\n')
    expect(second.indexOf('## fleet')).toBeLessThan(second.indexOf('## read'))
    expect(renderResults(second, names, new Map(), 'in July')).toBe(second)
  })

  test('replaces what was measured again', () => {
    const again = renderResults(first, names, new Map([['read', [row('read/a', 3)]]]), 'in June')
    expect(again).toContain('3.00 ms')
    expect(again).not.toContain('1.00 ms')
  })

  test('leaves out benchmarks that there are no more', () => {
    expect(renderResults(first, ['fleet'], new Map(), 'in June')).not.toContain('## read')
  })
})
