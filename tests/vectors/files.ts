import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Outside vectors lie beside the repository and are never copied into it. */
const FOLDER = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url))

/** The text of a file of vectors; null on a machine that does not have it. */
export function readVectors(name: string): string | null {
  const path = join(FOLDER, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
