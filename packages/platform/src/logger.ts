import { type Clock, type Logger, type LogLevel, toTimestamp } from '@latchkey/core'

type Fields = Readonly<Record<string, string | number | boolean | null>>

/**
 * One JSON object a line, for machines.
 * @param write takes what makes the line, so that it may be made when nobody waits for it
 */
export function jsonLogger(
  clock: Clock,
  write: (line: () => string, level: LogLevel) => void,
): Logger {
  return {
    log(level, message, fields = {}) {
      const at = clock.now()
      write(() => JSON.stringify({ at: toTimestamp(at), level, message, ...fields }), level)
    },
  }
}

/** One line of text each, for people; what is less than a warning is left out unless asked for. */
export function textLogger(
  write: (line: string) => void,
  options: { readonly verbose: boolean },
): Logger {
  return {
    log(level, message, fields = {}) {
      if (!options.verbose && (level === 'debug' || level === 'info')) return
      write(`${mark(level)} ${message}${describe(fields)}`)
    },
  }
}

/** Without line breaks, which would forge a line, and escape sequences, which would turn the terminal's knobs. */
function inLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

function mark(level: LogLevel): string {
  return level === 'error' ? '✗' : level === 'warn' ? '!' : '·'
}

function describe(fields: Fields): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${inLine(String(value))}`)
  return parts.length === 0 ? '' : `  ${parts.join(' ')}`
}
