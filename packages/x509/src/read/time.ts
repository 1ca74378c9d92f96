import type { Time as TimeSchema } from '@peculiar/asn1-x509'
import { type Instant, SECOND } from '@latchkey/core'
import { EncodingError } from '@latchkey/crypto'

/** A date of a certificate; milliseconds are always zero. */
export interface Time {
  readonly instant: Instant
  readonly form: 'UTCTime' | 'GeneralizedTime'
}

/** @throws EncodingError where it has a fraction, which RFC 5280 §4.1.2.5.2 does not allow */
export function timeOf(read: TimeSchema, what: string): Time {
  const instant = read.getTime().getTime()
  if (instant % SECOND !== 0) throw new EncodingError(`${what} is not a time to the second`)
  return { instant, form: read.utcTime === undefined ? 'GeneralizedTime' : 'UTCTime' }
}
