import { DAY, HOUR, MINUTE, SECOND } from '../instant.ts'

/** A write whose answer was lost may still arrive at the upstream within this time. */
export const DOUBT_MS = 5 * MINUTE

/** What is sent has gone out this long after it was committed, the logins before it included; or it never will. */
export const GOES_OUT_MS = 75 * SECOND

/** When the first look at an unknown outcome is due. */
export const FIRST_LOOK_MS = 30 * SECOND

/** Who sends it is gone if nothing was heard by then: longer than all calls of one upload with their retries. */
export const ABANDONED_MS = 3 * MINUTE

/** How often something is sent at most; then it is left as it is and told. */
export const SENDS_MAX = 3

/** What is on its way is erased after this, as the PBX erases its temporary files. */
export const MATERIAL_KEPT_MS = HOUR

/** Between looks at what the upstream works on: this, then twice as long each time. */
export const POLL_MS = 5 * SECOND
export const POLL_MAX_MS = 5 * MINUTE

/** An authority proves a domain within minutes; after a day nothing will come of it. */
export const ISSUING_MAX_MS = DAY

/** What is there is tried to be put in use for this long. */
export const ACTIVATING_MAX_MS = HOUR

/** An upstream that took a certificate lists it by then. */
export const LISTING_MAX_MS = 10 * MINUTE

/** Refused credentials do not mend themselves, and some upstreams lock out who tries too often. */
export const REFUSED_MS = HOUR

/** A pending certificate is asked after at most this often, however often somebody wants to know. */
export const ASK_AGAIN_MS = 2 * SECOND
