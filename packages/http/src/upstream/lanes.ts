import type { Clock } from '@latchkey/core'

/** Gives the place in a lane back; a second call does nothing. */
export type Release = () => void

export interface Lanes {
  /**
   * Waits for a place in a lane, first come first served.
   * @returns null where none came free in time
   */
  enter(lane: LaneRequest): Promise<Release | null>
}

export interface LaneRequest {
  readonly key: string
  /** Calls at once; the latest caller's word counts, as a connection's limit may change. */
  readonly limit: number
  readonly waitMs: number
}

interface Place {
  /** Counted as free from then on: a Worker's request that was cut off never gave it back. */
  readonly lostAt: number
}

interface Waiter {
  readonly limit: number
  readonly grant: (place: Place) => void
}

interface Lane {
  readonly places: Set<Place>
  readonly waiting: Set<Waiter>
}

/**
 * Lanes that each let a limited number of calls through at once. A lane that nobody is in is forgotten.
 * @param holdMs longer than any call holds its place
 */
export function createLanes(clock: Clock, holdMs: number): Lanes {
  const lanes = new Map<string, Lane>()

  const leave = (key: string, lane: Lane, place: Place): void => {
    if (!lane.places.delete(place)) return
    admitWaiting(lane)
    if (lane.places.size === 0 && lanes.get(key) === lane) lanes.delete(key)
  }

  const admitWaiting = (lane: Lane): void => {
    for (const waiter of lane.waiting) {
      if (lane.places.size >= waiter.limit) return
      lane.waiting.delete(waiter)
      waiter.grant(take(lane))
    }
  }

  const take = (lane: Lane): Place => {
    const place = { lostAt: clock.now() + holdMs }
    lane.places.add(place)
    return place
  }

  const dropLost = (lane: Lane): void => {
    const now = clock.now()
    for (const place of lane.places) {
      if (place.lostAt <= now) lane.places.delete(place)
    }
    admitWaiting(lane)
  }

  return {
    async enter({ key, limit, waitMs }) {
      const lane = lanes.get(key) ?? { places: new Set(), waiting: new Set() }
      lanes.set(key, lane)
      dropLost(lane)
      const place =
        lane.waiting.size === 0 && lane.places.size < limit
          ? take(lane)
          : await waitFor(lane, limit, waitMs)
      return place === null ? null : () => leave(key, lane, place)
    },
  }
}

function waitFor(lane: Lane, limit: number, waitMs: number): Promise<Place | null> {
  return new Promise((resolve) => {
    const waiter: Waiter = {
      limit,
      grant(place) {
        clearTimeout(timer)
        resolve(place)
      },
    }
    const timer = setTimeout(() => {
      lane.waiting.delete(waiter)
      resolve(null)
    }, waitMs)
    lane.waiting.add(waiter)
  })
}
