import { Fault } from '@latchkey/core'

/** Country code and subscriber number: at most 15 digits, never a leading zero (ITU-T E.164 §6). */
const E164 = /^\+[1-9]\d{6,14}$/
/** How people group digits (ITU-T E.123), and the dashes that word processors make of hyphens. */
const GROUPING = /[\s().\u2010-\u2015-]/g
/** E.123 §2.5: a trunk zero that is not dialled from abroad. Taking its brackets off would make another number. */
const TRUNK_ZERO = /\(\s*0/

/**
 * A phone number in E.164 with `+`, its grouping taken off. Only an international number is taken: what stands for
 * the country in digits without `+` (or behind `00` or `011`) depends on where its writer is.
 * @throws Fault invalid_request
 */
export function canonicalPhoneNumber(text: string): string {
  const digits = text.replaceAll(GROUPING, '')
  if (E164.test(digits) && !TRUNK_ZERO.test(text)) return digits
  const message = 'Must be a phone number in E.164 with a leading +, such as +14155550100'
  throw new Fault('invalid_request', 'Cannot use phone number: expected E.164 with a leading +', {
    errors: [{ pointer: '/upstreamId', message }],
  })
}
