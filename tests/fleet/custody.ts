import { Fault, type KeyMaker, type NewKeyPair, privateKeyPlace, type Sealer } from '@latchkey/core'
import * as z from 'zod'
import type { FleetStorage } from './storage.ts'

const stored = z.object({ id: z.string(), privateKey: z.string() })

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

/** Holds that the private halves of keys which are at an upstream are on the disk, and open. */
export class Custody {
  readonly #storage: Pick<FleetStorage, 'storedKey'>
  readonly #sealer: Sealer
  readonly #pairs: NamedPairs
  readonly #sealed = new Map<string, string>()
  readonly #violations: string[] = []
  /** How often a key was looked for that had got to an upstream, or was about to. */
  looked = 0

  constructor(storage: Pick<FleetStorage, 'storedKey'>, sealer: Sealer, pairs: NamedPairs) {
    this.#storage = storage
    this.#sealer = sealer
    this.#pairs = pairs
  }

  /** Of a key that is at an upstream, or is about to be; notes where the private half is not stored. */
  async require(fingerprint: string, where: string): Promise<void> {
    if (!this.#pairs.made.has(fingerprint)) return
    this.looked += 1
    const { data } = stored.safeParse(await this.#storage.storedKey(fingerprint))
    if (data === undefined) {
      this.#violations.push(`${where}: ${fingerprint} is published, its private half is not stored`)
      return
    }
    this.#sealed.set(`${data.id} ${data.privateKey}`, fingerprint)
  }

  /** What is wrong, when every private half that was required has been opened as well. */
  async violated(): Promise<readonly string[]> {
    for (const [sealedAt, fingerprint] of this.#sealed) {
      const [id = '', sealed = ''] = sealedAt.split(' ')
      const opened = await this.#sealer.open(sealed, privateKeyPlace(id)).catch(() => null)
      if (opened === this.#pairs.made.get(fingerprint)?.privateKey) continue
      this.#violations.push(`${fingerprint} does not open`)
    }
    this.#sealed.clear()
    return this.#violations
  }
}
