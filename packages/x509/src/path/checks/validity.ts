import { SECOND, toTimestamp } from '@latchkey/core'
import { error, type Remark } from '../../findings.ts'
import type { Time } from '../../read/time.ts'
import type { Place } from '../place.ts'

/** From here on dates are GeneralizedTime (RFC 5280 §4.1.2.5). */
const YEAR_2050 = Date.UTC(2050, 0)

export function* checkValidity({ certificate, rules }: Place): Iterable<Remark> {
  const { notBefore, notAfter } = certificate
  // Dates are whole seconds, both ends included: the last second lasts until the next one begins.
  const second = Math.floor(rules.at / SECOND) * SECOND
  if (second < notBefore.instant) {
    yield error('not_yet_valid', `Not valid before ${toTimestamp(notBefore.instant)}`)
  }
  if (second > notAfter.instant) {
    yield error('expired', `Expired at ${toTimestamp(notAfter.instant)}`)
  }
  yield* checkForm('notBefore', notBefore)
  yield* checkForm('notAfter', notAfter)
}

function* checkForm(what: string, { instant, form }: Time): Iterable<Remark> {
  if (form === 'GeneralizedTime' && instant < YEAR_2050) {
    yield error('validity_form_wrong', `${what} is before 2050 and not a UTCTime`)
  }
}
