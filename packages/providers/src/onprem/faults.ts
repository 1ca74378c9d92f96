import type { Fault, UpstreamResponse } from '@latchkey/core'
import { unexpectedAnswer, verdictOfStatus } from '../shared/http-status.ts'
import { isSuccess, jsonOf } from '../shared/json.ts'
import { joinTexts } from '../shared/vendor-text.ts'
import { type Call, toFault, type Verdict } from '../shared/verdict.ts'
import { NOT_FOUND, ONPREM_CODES, PASSWORD_CHANGE_REQUIRED } from './codes.ts'
import { errorAnswer, type OnpremError } from './schema.ts'

/** What a code means in calls of one kind, where that says more than its usual reason. */
type Reasons = ReadonlyMap<number, string>
const USUAL: Reasons = new Map()

/**
 * The JSON of an answer that is no error; `undefined` is never among it.
 * @throws Fault upstream_*
 */
export function successJson(call: Call, response: UpstreamResponse, reasons?: Reasons): unknown {
  const json = jsonOf(response)
  if (isSuccess(response) && json !== undefined && errorIn(json) === null) return json
  throw faultOf(call, response, reasons)
}

/** The fault for an answer that is no success. */
export function faultOf(call: Call, response: UpstreamResponse, reasons = USUAL): Fault {
  const error = errorIn(jsonOf(response))
  if (error === null) return unexpectedAnswer(call, response)
  return toFault(call, response, verdictOf(response, error, reasons), {
    code: error.code,
    message: joinTexts([error.title, error.details]),
    requestId: response.headers.get('x-request-id'),
  })
}

/** Whether the deployment itself, and no proxy before it, says that there is no such resource. */
export function saysNotFound(response: UpstreamResponse): boolean {
  return errorIn(jsonOf(response))?.code === NOT_FOUND
}

/** The session ended: a call that had one was answered 401. A password that has to be changed outlives any login. */
export function sessionEnded({ code, upstream }: Fault): boolean {
  return (
    code === 'upstream_unauthorized' &&
    upstream?.status === 401 &&
    upstream.code !== String(PASSWORD_CHANGE_REQUIRED)
  )
}

function verdictOf({ status }: UpstreamResponse, error: OnpremError, reasons: Reasons): Verdict {
  const code = error.code ?? NaN
  // Wrong or ended credentials come with the code of a missing role.
  if (status === 401 && code !== PASSWORD_CHANGE_REQUIRED) return verdictOfStatus(status)
  const verdict = ONPREM_CODES.get(code)?.verdict ?? verdictOfStatus(status)
  return { ...verdict, reason: reasons.get(code) ?? verdict.reason }
}

function errorIn(json: unknown): OnpremError | null {
  const answer = errorAnswer.safeParse(json)
  return answer.success ? answer.data.errors[0] : null
}
