import type { Instant } from '../instant.ts'
import type { CertificateKind } from '../provider/certificates.ts'
import type { CertificateState, Work } from './state.ts'
import {
  ACTIVATING_MAX_MS,
  DOUBT_MS,
  ISSUING_MAX_MS,
  LISTING_MAX_MS,
  MATERIAL_KEPT_MS,
  SENDS_MAX,
} from './timing.ts'

/** What is to be done next about a certificate that is on its way. */
export type Plan =
  | { readonly do: 'send' | 'look' | 'poll' | 'activate' }
  | { readonly do: 'wait'; readonly until: Instant }
  | { readonly do: 'give_up'; readonly problem: string }

/**
 * Plans by what is known alone, so that whoever comes, after whatever happened, does the same. A write with an unknown
 * outcome is looked for before anything is sent again; where the upstream cannot be asked, it is sent again once an
 * earlier write can no longer land.
 */
export function planWork(
  { upstreamId }: CertificateState,
  work: Work,
  { kind, now }: { readonly kind: CertificateKind; readonly now: Instant },
): Plan {
  const age = now - work.since
  switch (work.phase) {
    case 'activating':
      return age > ACTIVATING_MAX_MS
        ? giveUp('It is installed, but could not be put in use')
        : { do: 'activate' }
    case 'issuing':
      if (upstreamId === null && age > LISTING_MAX_MS) {
        return giveUp('The upstream took it, but does not list it')
      }
      if (age > ISSUING_MAX_MS) return giveUp('The upstream did not finish within a day')
      return { do: 'poll' }
    case 'sending':
      return planSending(work, kind, now)
  }
}

function planSending(work: Work, kind: CertificateKind, now: Instant): Plan {
  const age = now - work.since
  if (work.sentBy === null) {
    return age > MATERIAL_KEPT_MS || work.material === null
      ? giveUp('It could not be sent within an hour')
      : { do: 'send' }
  }
  if (age > ISSUING_MAX_MS) return giveUp('The upstream has told nothing of it for a day')
  // A first look must not come before the upstream had time to answer whoever sent it.
  if (now < work.due) return { do: 'wait', until: work.due }
  if (kind.isListed) return { do: 'look' }
  return planResend(work, now)
}

/** What follows for a write that is not seen at the upstream, or cannot be. */
export function planResend(work: Work, now: Instant): Plan {
  const arrived = (work.sentBy ?? now) + DOUBT_MS
  if (now < arrived) return { do: 'wait', until: arrived }
  if (work.sends >= SENDS_MAX || work.material === null) {
    return giveUp('Nobody knows whether the upstream has it; upload it again')
  }
  return { do: 'send' }
}

function giveUp(problem: string): Plan {
  return { do: 'give_up', problem }
}
