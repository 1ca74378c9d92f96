import { generateKeyRing, mintToken } from '@latchkey/crypto'
import { systemRandom } from '@latchkey/platform'
import type { Environment } from '../environment.ts'

const KEYS_FILE = 'keys.json'
const TOKEN_FILE = 'admin-token'

export interface LocalSecrets {
  readonly keys: string
  readonly adminToken: string
}

/** The secrets of a local start: those of the settings, else those kept beside the data, else new ones. */
export async function localSecrets(env: Environment, folder: string): Promise<LocalSecrets> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 })
  return {
    keys:
      env['LATCHKEY_KEYS'] ??
      (await kept(`${folder}/${KEYS_FILE}`, () => JSON.stringify(generateKeyRing()))),
    adminToken:
      env['LATCHKEY_ADMIN_TOKEN'] ??
      (await kept(`${folder}/${TOKEN_FILE}`, () => mintToken(systemRandom))),
  }
}

/** The text of a file, which is made, for its owner alone, where there is none. */
async function kept(path: string, make: () => string): Promise<string> {
  try {
    return await Deno.readTextFile(path)
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error
    const text = make()
    await Deno.writeTextFile(path, text, { mode: 0o600, createNew: true })
    return text
  }
}
