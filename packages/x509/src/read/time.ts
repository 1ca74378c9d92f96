import type { Instant } from '@latchkey/core'
import { type DerElement, TAG } from './der.ts'
import { EncodingError } from './encoding-error.ts'
import { latin1 } from './values.ts'

/** A date of a certificate; milliseconds are always zero. */
export interface Time {
  readonly instant: Instant
  readonly form: 'UTCTime' | 'GeneralizedTime'
}

/** RFC 5280 §4.1.2.5.1 and .2: to the second, in Zulu, nothing optional. */
const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/

/** Two-digit years from 50 on are of the last century (RFC 5280 §4.1.2.5.1). */
const PIVOT = 50

/** @throws EncodingError where it is not in the one form that RFC 5280 §4.1.2.5 allows */
export function readTime(element: DerElement, what: string): Time {
  const utc = element.tag === TAG.utcTime
  if (!utc && element.tag !== TAG.generalizedTime) {
    throw new EncodingError(`${what} is neither UTCTime nor GeneralizedTime`)
  }
  const parts = (utc ? UTC_TIME : GENERALIZED_TIME).exec(latin1(element.content))
  if (parts === null) throw new EncodingError(`${what} is not a time to the second in Zulu`)
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts
  const full = utc ? `${Number(year) < PIVOT ? '20' : '19'}${year}` : year
  const text = `${full}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const instant = Date.parse(text)
  // Some engines roll 30 February over instead of refusing it.
  if (Number.isNaN(instant) || new Date(instant).toISOString() !== text) {
    throw new EncodingError(`${what} is no date of the calendar`)
  }
  return { instant, form: utc ? 'UTCTime' : 'GeneralizedTime' }
}
