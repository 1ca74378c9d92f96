import { Fault } from '../fault/fault.ts'

/** More than any form that is served has. */
const FIELDS_MAX = 100

/**
 * The fields of a form (WHATWG URL, "application/x-www-form-urlencoded parsing"). They are counted before they are
 * parsed: half a million of them in 1 MiB would take seconds.
 * @throws Fault invalid_request
 */
export function parseForm(text: string): URLSearchParams {
  let fields = 1
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    fields += 1
    if (fields > FIELDS_MAX) {
      throw new Fault('invalid_request', `Cannot read form: it has more than ${FIELDS_MAX} fields`)
    }
  }
  return new URLSearchParams(text)
}
