import type { LogLevel } from '@latchkey/core'

/** Short for who watches; long enough that a busy server writes many lines at once. */
const WAIT_MS = 100

export interface LineBatch {
  readonly add: (line: () => string, level: LogLevel) => void
  /** Writes what waits. */
  readonly flush: () => void
}

/**
 * Gathers lines for a moment: to make and write each by itself would hold up the request that it tells of. A warning or an error
 * is written at once, with what came before it.
 */
export function batchLines(write: (text: string) => void): LineBatch {
  let waiting: (() => string)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    const text = waiting.map((line) => line()).join('\n')
    waiting = []
    write(text)
  }
  return {
    add(line, level) {
      waiting.push(line)
      if (level === 'warn' || level === 'error') flush()
      else timer ??= setTimeout(flush, WAIT_MS)
    },
    flush,
  }
}
