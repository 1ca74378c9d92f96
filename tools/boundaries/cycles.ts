import { importsOf } from './imports.ts'
import type { Source } from './source.ts'
import type { Violation } from './violation.ts'

/** Finds files that import each other in a circle: which of them is complete first depends on who came first. */
export function checkCycles(sources: readonly Source[]): readonly Violation[] {
  const graph = new Map(sources.map((source) => [source.path, importsOf(source)]))
  const violations: Violation[] = []
  const done = new Set<string>()
  const trail: string[] = []

  function visit(path: string): void {
    trail.push(path)
    for (const { target, line } of graph.get(path) ?? []) {
      if (target === undefined || done.has(target)) continue
      const start = trail.indexOf(target)
      if (start === -1) {
        visit(target)
        continue
      }
      const circle = [...trail.slice(start), target].join(' → ')
      violations.push({ path, line, rule: 'cycles', message: `closes a circle: ${circle}` })
    }
    trail.pop()
    done.add(path)
  }

  for (const path of graph.keys()) if (!done.has(path)) visit(path)
  return violations
}
