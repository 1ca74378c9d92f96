import { Fault } from '@latchkey/core'

const LOCKED = 'database is locked'

/**
 * SQLite's own words (`sqlite3ErrStr` in its main.c) and ours. Deno gives an error's code for statements
 * alone and workerd none, so the words are what all runtimes have.
 */
const REASONS: readonly (readonly [said: string, reason: string])[] = [
  [LOCKED, 'another process holds it'],
  ['attempt to write a readonly database', 'it cannot be written to'],
  ['disk I/O error', 'the disk reports an error'],
  ['database disk image is malformed', 'the file is damaged'],
  ['database or disk is full', 'the disk is full'],
  ['unable to open database file', 'the file cannot be opened'],
  ['file is not a database', 'the file is not a SQLite database'],
]

/** What went wrong, in a few words that contain none of the data. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return REASONS.find(([said]) => message.includes(said))?.[1] ?? message
}

/** Whether another process holds the file just now. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message.includes(LOCKED)
}

/** @throws Fault internal for whatever SQLite throws in `body` */
export function attempt<T>(body: () => T): T {
  try {
    return body()
  } catch (cause) {
    throw new Fault('internal', `Cannot use the database: ${reasonOf(cause)}`, { cause })
  }
}
