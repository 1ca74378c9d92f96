import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ONLY_FOLDER = 0o700
const OWNER_ONLY_FILE = 0o600

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

/** Makes the file of a database, and its folder, for its owner alone. SQLite's side files follow it. */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER })
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY_FILE))
  } catch (error) {
    if (!isTaken(error)) throw error
    // Not opened here: closing any handle of a file drops the locks that this process holds on it.
    chmodSync(path, OWNER_ONLY_FILE)
  }
}
