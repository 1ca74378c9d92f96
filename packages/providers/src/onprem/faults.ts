import type { Fault, UpstreamResponse } from '@latchkey/core'
import { unexpectedAnswer, verdictOfStatus } from '../shared/http-status.ts'
import { isSuccess, jsonOf } from '../shared/json.ts'
import { type Call, toFault } from '../shared/verdict.ts'
import { ONPREM_CODES, PASSWORD_CHANGE_REQUIRED } from './codes.ts'
import { errorAnswer } from './schema.ts'

/**
 * The JSON of an answer that is no error; `undefined` is never among it.
 * @throws Fault upstream_*
 */
export function successJson(call: Call, response: UpstreamResponse): unknown {
  const json = jsonOf(response)
  const failed = errorAnswer.safeParse(json)
  if (failed.success) {
    const [error] = failed.data.errors
    const known = ONPREM_CODES.get(error.code ?? NaN)?.verdict
    throw toFault(call, response, known ?? verdictOfStatus(response.status), {
      code: error.code,
      message: [error.title, error.details].filter((part) => part !== null).join(': '),
      requestId: requestIdOf(response),
    })
  }
  if (!isSuccess(response) || json === undefined) throw unexpectedAnswer(call, response)
  return json
}

/** The session ended: a call that had one was answered 401. A password that has to be changed outlives any login. */
export function sessionEnded({ code, upstream }: Fault): boolean {
  return (
    code === 'upstream_unauthorized' &&
    upstream?.status === 401 &&
    upstream.code !== String(PASSWORD_CHANGE_REQUIRED)
  )
}

function requestIdOf({ headers }: UpstreamResponse): string | null {
  return headers.get('x-request-id')
}
