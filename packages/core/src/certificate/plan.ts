import type { Instant } from '../instant.ts'
import type { CertificateKind } from '../provider/certificates.ts'
import type { Work } from './state.ts'
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
 * Plans by what is known alone, so that whoever comes, however late and after whatever happened, does the same. A write
 * with an unknown outcome is looked for before anything is sent again; where the upstream cannot be asked, it is sent
 * again once an earlier write can no longer land.
 */
export function planWork(
  work: Work,
  { kind, now }: { readonly kind: CertificateKind; readonly now: Instant },
): Plan {
  if (work.phase === 'activating') return { do: 'activate' }
  if (work.phase === 'issuing') return { do: 'poll' }
  if (work.sentBy === null) {
    return now - work.since > MATERIAL_KEPT_MS || work.material === null
      ? giveUp('It could not be sent within an hour')
      : { do: 'send' }
  }
  // A first look must not come before the upstream had time to answer whoever sent it.
  if (now < work.due) return { do: 'wait', until: work.due }
  return kind.isListed ? { do: 'look' } : planResend(work, now)
}

/** What an upstream was just asked that did not tell the end of it. */
export type Answer = 'none' | 'not listed' | 'pending'

/** Why nothing is to be hoped for any more; null as long as it is. Only who has just asked in vain may give up. */
export function hopeless({ phase, since }: Work, answer: Answer, now: Instant): string | null {
  const age = now - since
  switch (answer) {
    case 'none':
      if (phase === 'activating') {
        return age > ACTIVATING_MAX_MS ? 'It is installed, but could not be put in use' : null
      }
      return age > ISSUING_MAX_MS ? 'The upstream has told nothing of it for a day' : null
    case 'not listed':
      return age > LISTING_MAX_MS ? 'The upstream took it, but does not list it' : null
    case 'pending':
      return age > ISSUING_MAX_MS ? 'The upstream did not finish within a day' : null
  }
}

/** What follows for a write that is not seen at the upstream, or cannot be. */
export function planResend(work: Work, now: Instant): Plan {
  const arrived = (work.sentBy ?? now) + DOUBT_MS
  if (now < arrived) return { do: 'wait', until: arrived }
  // What is confirmed is there already, and may only have been undone.
  const isOld = !work.isConfirming && now - work.since > MATERIAL_KEPT_MS
  if (work.sends >= SENDS_MAX || work.material === null || isOld) {
    return giveUp('Nobody knows whether the upstream has it; upload it again')
  }
  return { do: 'send' }
}

function giveUp(problem: string): Plan {
  return { do: 'give_up', problem }
}
