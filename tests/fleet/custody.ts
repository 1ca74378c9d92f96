import { DatabaseSync } from 'node:sqlite'
import { Fault, type KeyMaker, type NewKeyPair, privateKeyPlace, type Sealer } from '@latchkey/core'
import * as z from 'zod'

const stored = z.object({ id: z.string(), privateKey: z.string().nullable() })

/** Makes pairs of which only the names are real, and remembers them. */
export class NamedPairs implements KeyMaker {
  readonly made = new Map<string, NewKeyPair>()

  async generate(): Promise<NewKeyPair> {
    const name = `pair-${this.made.size + 1}`
    const pair = {
      publicKey: { pem: `PEM ${name}`, fingerprint: `sha256:${name}` },
      privateKey: `PRIVATE ${name}`,
    } as const
    this.made.set(pair.publicKey.fingerprint, pair)
    return pair
  }
}

/** Seals to a place and hides nothing: in thousands of schedules real sealing would take most of the time. */
export const placeSealer: Sealer = {
  seal: (plaintext, place) => Promise.resolve(encodeURIComponent(`${place}\n${plaintext}`)),
  open(sealed, place) {
    const [sealedTo, ...lines] = decodeURIComponent(sealed).split('\n')
    if (sealedTo === place) return Promise.resolve(lines.join('\n'))
    return Promise.reject(new Fault('internal', 'Cannot open: it was sealed for another place'))
  },
}

/** What is on the disk, seen by another connection than the program's: commits alone. */
export class Custody {
  readonly #disk: DatabaseSync
  readonly #pairs: NamedPairs
  readonly #sealed = new Map<string, string>()
  readonly violations: string[] = []
  /** How often a key was looked for that had got to an upstream. */
  required = 0

  constructor(path: string, pairs: NamedPairs) {
    this.#disk = new DatabaseSync(path, { readOnly: true })
    this.#pairs = pairs
  }

  /** Holds that the private half of a key that is at an upstream now is stored; notes where it is not. */
  require(fingerprint: string, where: string): void {
    if (!this.#pairs.made.has(fingerprint)) return
    this.required += 1
    const row = this.#disk
      .prepare(
        `SELECT a.state AS state FROM labels l JOIN aggregates a ON a.kind = l.kind AND a.id = l.id
         WHERE l.kind = 'key' AND l.name = 'fingerprint' AND l.value = ? AND a.state IS NOT NULL`,
      )
      .get(fingerprint)
    const { data } = stored.safeParse(JSON.parse(String(row?.['state'] ?? 'null')))
    if (data?.privateKey == null) {
      this.violations.push(`${where}: ${fingerprint} is published, its private half is not stored`)
      return
    }
    this.#sealed.set(`${data.id} ${data.privateKey}`, fingerprint)
  }

  /** Opens every private half that was required. */
  async open(sealer: Sealer): Promise<void> {
    for (const [sealedAt, fingerprint] of this.#sealed) {
      const [id = '', sealed = ''] = sealedAt.split(' ')
      const opened = await sealer.open(sealed, privateKeyPlace(id)).catch(() => null)
      if (opened === this.#pairs.made.get(fingerprint)?.privateKey) continue
      this.violations.push(`${fingerprint} does not open`)
    }
    this.#sealed.clear()
  }

  close(): void {
    this.#disk.close()
  }
}
