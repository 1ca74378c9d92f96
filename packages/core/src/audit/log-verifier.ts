import { type Instant, MINUTE, SECOND } from '../instant.ts'
import type { Services } from '../services.ts'
import { type Verification, verifyEvents } from './verify-events.ts'

/** How long ago a verification that is handed out again may have begun; it tells when. */
const REUSE_MS = 5 * SECOND
/** Longer than one may take; on Workers the request that makes it may be cut off and never say so. */
const RUN_LEASE_MS = 2 * MINUTE
/** How often those who wait for another request's verification look whether it has come. */
const WAIT_STEP_MS = 50

interface Run {
  readonly number: number
  readonly began: Instant
}

export interface VerifyOptions {
  /** Only one that began after it was asked for. */
  readonly afresh: boolean
}

export type LogVerifier = (services: Services, options: VerifyOptions) => Promise<Verification>

/**
 * Verifies the log once at a time, however many ask. What is kept is plain data: on Workers no request may await a
 * promise of another, so that one verifies while the others look again in a moment.
 */
export function createLogVerifier(): LogVerifier {
  let runs = 0
  let running: Run | null = null
  let last: (Run & { readonly verification: Verification }) | null = null

  return async (services, { afresh }) => {
    const { clock } = services
    const askedAfter = runs
    for (;;) {
      const now = clock.now()
      if (
        last !== null &&
        (afresh ? last.number > askedAfter : within(REUSE_MS, last.began, now))
      ) {
        return last.verification
      }
      if (running !== null && within(RUN_LEASE_MS, running.began, now)) {
        await clock.sleep(WAIT_STEP_MS)
        continue
      }
      const run: Run = { number: (runs += 1), began: now }
      running = run
      try {
        const verification = await verifyEvents(services)
        if (last === null || last.number < run.number) last = { ...run, verification }
        return verification
      } finally {
        if (running === run) running = null
      }
    }
  }
}

/** Whether `now` lies less than `ms` after `since`; a clock that went back is not trusted. */
function within(ms: number, since: Instant, now: Instant): boolean {
  return now >= since && now < since + ms
}
