import { redactText } from './redact.ts'

/** What a log may know of an error from the runtime; a plain object, so that no stack or chain rides along. */
export interface SafeCause {
  readonly name: string
  readonly code: string | null
  readonly message: string
}

const MESSAGE_MAX = 200

/** Reduces an error of the runtime's to what holds no secret: its URLs redacted, its own cause left out. */
export function safeCause(error: unknown): SafeCause {
  if (!(error instanceof Error)) return { name: 'Unknown', code: null, message: '' }
  return {
    name: error.name,
    code: codeOf(error),
    message: redactText(error.message).slice(0, MESSAGE_MAX),
  }
}

/** The `code` that system and TLS errors carry, such as `ECONNRESET`; `fetch()` puts it one error deeper. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  return codeOf(error.cause)
}
