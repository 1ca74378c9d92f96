import type { Ledger, NewKeyPair, Services } from '@latchkey/core'
import { makeSpare } from '@latchkey/core/keyring'
import { createKeyRing, rsaKeyMaker } from '@latchkey/crypto'
import { systemClock, systemRandom } from '@latchkey/platform'
import { HARNESS_ENV } from '../api/harness/harness.ts'

/** So many are really made; the pool gets each of them often, sealed anew: making all would take an hour. */
const PAIRS = 64
const AT_ONCE = 64

/** Puts as many key pairs into a pool. */
export async function fillPool(ledger: Ledger, size: number): Promise<void> {
  const { sealer } = await createKeyRing(JSON.parse(HARNESS_ENV.LATCHKEY_KEYS))
  const pairs: NewKeyPair[] = []
  for (let made = 0; made < PAIRS; made += 1) pairs.push(await rsaKeyMaker.generate())
  let next = 0
  const keyMaker = {
    generate: async () => {
      const pair = pairs[next++ % pairs.length]
      if (pair === undefined) throw new Error('Cannot fill the pool: no pair was made')
      return pair
    },
  }
  // Making a spare pair needs no more of them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const services = {
    ledger,
    sealer,
    keyMaker,
    clock: systemClock,
    random: systemRandom,
  } as unknown as Services
  for (let filled = 0; filled < size; filled += AT_ONCE) {
    const count = Math.min(AT_ONCE, size - filled)
    await Promise.all(Array.from({ length: count }, () => makeSpare(services)))
  }
}
