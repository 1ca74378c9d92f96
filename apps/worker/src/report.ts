import { isFault } from '@latchkey/core'
import { logger } from './services.ts'

/** Tells the log of an error nobody waits for: its kind and place, never its text, which may hold anything. */
export function reportTo(where: string): (error: unknown) => void {
  return (error) => {
    logger.log('error', 'Something went wrong behind the scenes', {
      where,
      error: error instanceof Error ? error.name : typeof error,
      code: isFault(error) ? error.code : null,
    })
  }
}
