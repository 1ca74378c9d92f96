/** Of what a runtime does at once, this part at most is sending webhooks. */
const SHARE = 1 / 2
/** Where nothing limits the calls at once. */
const CALLS_AT_ONCE = 64

/**
 * Endpoints that are sent to at a time, in this process. Those that fail, which may well be those that never answer,
 * get at most half of the places, so that they keep none of the others waiting.
 */
export interface Turns {
  /** Takes a place; answers what gives it back, or null where none is free. */
  take(isFailing: boolean): (() => void) | null
}

export function createTurns(callsAtOnce = CALLS_AT_ONCE): Turns {
  const places = Math.max(2, Math.floor(callsAtOnce * SHARE))
  const forFailing = Math.max(1, Math.floor(places / 2))
  let taken = 0
  let failing = 0
  return {
    take(isFailing) {
      if (taken >= places || (isFailing && failing >= forFailing)) return null
      taken += 1
      if (isFailing) failing += 1
      return () => {
        taken -= 1
        if (isFailing) failing -= 1
      }
    },
  }
}

const all = new WeakMap<object, Turns>()

/** The places that all work shares which calls out by the same port. */
export function turnsOf(courier: object, callsAtOnce: number | undefined): Turns {
  const known = all.get(courier) ?? createTurns(callsAtOnce)
  all.set(courier, known)
  return known
}
