import type { Random } from '@latchkey/core'

/** The runtime's cryptographically strong randomness; fractions, which only spread load, are not. */
export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => Math.random(),
}
