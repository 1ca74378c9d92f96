import { generateKeyRing, mintToken } from '@latchkey/crypto'
import { systemRandom } from '@latchkey/platform'
import { keptFile } from './kept-file.ts'

export interface LocalSecrets {
  readonly keys: string
  readonly adminToken: string
}

/** The secrets of a local start: those of the settings, else those kept beside the data, else new ones. */
export async function localSecrets(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<LocalSecrets> {
  return {
    keys:
      env['LATCHKEY_KEYS'] ??
      (await keptFile(`${folder}/keys.json`, () => JSON.stringify(generateKeyRing()))),
    adminToken:
      env['LATCHKEY_ADMIN_TOKEN'] ??
      (await keptFile(`${folder}/admin-token`, () => mintToken(systemRandom))),
  }
}
