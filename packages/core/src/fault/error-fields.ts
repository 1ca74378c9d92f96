import type { FaultCode } from './codes.ts'
import { isFault } from './fault.ts'

/** The code that a failure is answered with. */
export function codeOf(error: unknown): FaultCode {
  return isFault(error) ? error.code : 'internal'
}

/**
 * What the log may tell of a failure: its code, and of a defect also its kind and place. Never its message: that may
 * hold anything.
 */
export function errorFields(error: unknown): Readonly<Record<string, string>> {
  const code = codeOf(error)
  if (code !== 'internal') return { code }
  if (!(error instanceof Error)) return { code, error: typeof error, at: 'unknown' }
  return { code, error: error.name, at: placeOf(error) }
}

/** Where in the code an error came from. */
function placeOf(error: Error): string {
  const { stack = '', message } = error
  // The stack repeats the message, of which a line may begin like a frame.
  const frames = stack.slice(Math.max(stack.indexOf(message), 0) + message.length)
  const frame = frames.split('\n').find((line) => line.trim().startsWith('at '))
  return frame?.trim() ?? 'unknown'
}
