import { availableParallelism } from 'node:os'

const MOST = 8

/** How many test files run at once: much of their time they wait, for processes, for timers and for upstreams. */
export const FILES_AT_ONCE = Math.min(MOST, 2 * availableParallelism())
