import type { Source } from './source.ts'
import type { Violation } from './violation.ts'

/** How far above an exception its reason may stand: two of them in one statement share it. */
const REASON_LINES = 3
const DIRECTIVE = /\/[/*]\s*oxlint-disable/
const EXCEPTION = /\/\/ oxlint-disable-next-line [\w/-]+( -- \S.*)?$/

/** An exception from the linter is for one line and one rule, and says why. */
export function checkExceptions(sources: readonly Source[]): readonly Violation[] {
  return sources.flatMap(({ path, text }) => {
    if (!DIRECTIVE.test(text)) return []
    const lines = text.split('\n')
    return lines.flatMap((line, index) => {
      if (!DIRECTIVE.test(line)) return []
      const above = lines.slice(Math.max(0, index - REASON_LINES), index)
      const reasoned =
        line.includes(' -- ') ||
        above.some((other) => /^\s*(\/\/|\*)/.test(other) && !DIRECTIVE.test(other))
      if (reasoned && EXCEPTION.test(line)) return []
      const message = 'an exception is for the next line and one rule, with its reason above'
      return [{ path, line: index + 1, rule: 'exceptions', message }]
    })
  })
}
