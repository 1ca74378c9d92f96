import type { Fault, UpstreamResponse } from '@latchkey/core'
import { unexpectedAnswer, verdictOfStatus } from '../shared/http-status.ts'
import { isSuccess, jsonOf } from '../shared/json.ts'
import { joinTexts } from '../shared/vendor-text.ts'
import { type Call, toFault, type Verdict } from '../shared/verdict.ts'
import { NOT_FOUND, ONPREM_CODES, PASSWORD_CHANGE_REQUIRED } from './codes.ts'
import { errorAnswer, type OnpremError } from './schema.ts'

/**
 * The JSON of an answer that is no error; `undefined` is never among it.
 * @throws Fault upstream_*
 */
export function successJson(call: Call, response: UpstreamResponse): unknown {
  const json = jsonOf(response)
  const error = errorIn(json)
  if (error !== null) {
    throw toFault(call, response, verdictOf(response, error), {
      code: error.code,
      message: joinTexts([error.title, error.details]),
      requestId: response.headers.get('x-request-id'),
    })
  }
  if (!isSuccess(response) || json === undefined) throw unexpectedAnswer(call, response)
  return json
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

function verdictOf({ status }: UpstreamResponse, { code }: OnpremError): Verdict {
  // Wrong or ended credentials come with the code of a missing role.
  if (status === 401 && code !== PASSWORD_CHANGE_REQUIRED) return verdictOfStatus(status)
  return ONPREM_CODES.get(code ?? NaN)?.verdict ?? verdictOfStatus(status)
}

function errorIn(json: unknown): OnpremError | null {
  const answer = errorAnswer.safeParse(json)
  return answer.success ? answer.data.errors[0] : null
}
