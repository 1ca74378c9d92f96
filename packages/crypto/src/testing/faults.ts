import { isFault } from '@latchkey/core'

/** How a promise failed, as `code: message`; for tests alone. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (isFault(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'no failure'
}
