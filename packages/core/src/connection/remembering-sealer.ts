import { type Instant, MINUTE } from '../instant.ts'
import type { Clock, Sealer } from '../ports.ts'

const REMEMBERED_MS = MINUTE
const REMEMBERED_MAX = 500
/** What every call to an upstream needs; whatever else is sealed is opened once, and not kept open. */
const CALLED_WITH = /^connection\/con_\w+\/(?:credentials|session)$/

interface Opened {
  readonly plaintext: string
  readonly until: Instant
}

/**
 * A sealer that remembers for a minute what connections call their upstreams with: opening it at every call costs more
 * than all else of one. It is found by its sealed text and place alone, so that what was changed is opened anew.
 */
export function rememberingSealer(sealer: Sealer, clock: Clock): Sealer {
  const opened = new Map<string, Opened>()
  return {
    seal: (plaintext, place) => sealer.seal(plaintext, place),
    async open(sealed, place) {
      if (!CALLED_WITH.test(place)) return sealer.open(sealed, place)
      const key = `${place} ${sealed}`
      const known = opened.get(key)
      const now = clock.now()
      // One that ends further ahead was remembered before the clock went back.
      if (known !== undefined && now < known.until && known.until <= now + REMEMBERED_MS) {
        return known.plaintext
      }
      opened.delete(key)
      const plaintext = await sealer.open(sealed, place)
      const oldest = opened.keys().next()
      if (opened.size >= REMEMBERED_MAX && oldest.done !== true) opened.delete(oldest.value)
      opened.set(key, { plaintext, until: now + REMEMBERED_MS })
      return plaintext
    },
  }
}
