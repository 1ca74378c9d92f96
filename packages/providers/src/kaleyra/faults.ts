import type { UpstreamResponse } from '@latchkey/core'
import * as z from 'zod'
import { unexpectedAnswer, verdictOfStatus } from '../shared/http-status.ts'
import { isSuccess, jsonOf } from '../shared/json.ts'
import { verdictOfCode } from '../shared/meta-codes.ts'
import { joinTexts } from '../shared/vendor-text.ts'
import { type Call, toFault, type Verdict } from '../shared/verdict.ts'
import { KALEYRA_CODES, normalizeCode, SUCCESS_CODE } from './codes.ts'
import { type Envelope, envelope, failureData, successData } from './schema.ts'

/**
 * Passes where the key was taken: the code says so, the data says so, and the status agrees.
 * @throws Fault upstream_*
 */
export function assertDone(call: Call, response: UpstreamResponse): void {
  const answer = envelope.safeParse(jsonOf(response))
  if (!answer.success) throw unexpectedAnswer(call, response)
  const { code, data } = answer.data
  const words = { code, message: messageOf(answer.data) }
  if (normalizeCode(code) !== normalizeCode(SUCCESS_CODE)) {
    throw toFault(call, response, verdictOf(response, code), words)
  }
  if (isSuccess(response) && successData.safeParse(data).success) return
  const refused = failureData.safeParse(data).success
  throw toFault(call, response, refused ? UNSUCCESSFUL : CONTRADICTORY, words)
}

const UNSUCCESSFUL: Verdict = {
  code: 'upstream_rejected',
  reason: 'Kaleyra answered that it did not succeed, without a reason',
  effect: 'unknown',
}
const CONTRADICTORY: Verdict = {
  code: 'upstream_malformed',
  reason: 'Kaleyra’s answer says neither that it succeeded nor that it failed',
  effect: 'unknown',
}

function verdictOf(response: UpstreamResponse, code: string | number): Verdict {
  const known = KALEYRA_CODES.get(normalizeCode(code))?.verdict
  if (known !== undefined) return known
  // Kaleyra hands Meta's own codes on (page "Cloud API error codes").
  const meta = /^\d{1,9}$/.test(String(code)) ? verdictOfCode(Number(code), null) : null
  return meta ?? verdictOfStatus(response.status)
}

const errorObject = z.record(z.string(), z.unknown())

/** The message, with what `error` adds to it, be that text or an object of texts. */
function messageOf({ message, error }: Envelope): string {
  const object = errorObject.safeParse(error)
  return joinTexts([message, error, ...(object.success ? Object.values(object.data) : [])])
}
