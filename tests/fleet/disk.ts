import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { privateKeyPlace } from '@latchkey/core'
import { createKeyRing, importPublicKey } from '@latchkey/crypto'
import { importPrivateKey } from '@latchkey/crypto/private-key'
import * as z from 'zod'
import { HARNESS_ENV } from '../api/harness/harness.ts'

const DATABASE = 'latchkey.db'

const stored = z.object({ id: z.string(), privateKey: z.string() })

/**
 * Those of the keys whose private half cannot be had from what a program left in its folder, with why. Nothing of the
 * program is asked: it may be dead.
 */
export async function lostKeys(
  folder: string,
  pems: readonly string[],
): Promise<readonly string[]> {
  const { sealer } = await createKeyRing(JSON.parse(HARNESS_ENV.LATCHKEY_KEYS))
  const disk = new DatabaseSync(join(folder, DATABASE), { readOnly: true })
  const lost: string[] = []
  try {
    const find = disk.prepare(
      `SELECT a.state AS state FROM labels l JOIN aggregates a ON a.kind = l.kind AND a.id = l.id
       WHERE l.kind = 'key' AND l.name = 'fingerprint' AND l.value = ? AND a.state IS NOT NULL`,
    )
    for (const pem of new Set(pems)) {
      const { fingerprint } = await importPublicKey(pem)
      const row = find.get(fingerprint)
      const { data } = stored.safeParse(JSON.parse(String(row?.['state'] ?? 'null')))
      if (data === undefined) {
        lost.push(`${fingerprint} is not stored`)
        continue
      }
      const text = await sealer.open(data.privateKey, privateKeyPlace(data.id))
      const { publicKey } = await importPrivateKey(text)
      if (publicKey?.fingerprint !== fingerprint) lost.push(`${fingerprint} opens as another`)
    }
    return lost
  } finally {
    disk.close()
  }
}

/** Lets the leases of a dead process on its tasks run out, as they do by themselves after 30 seconds. */
export function endLeases(folder: string): void {
  const disk = new DatabaseSync(join(folder, DATABASE))
  disk.exec('UPDATE tasks SET ready_at = due')
  disk.close()
}
