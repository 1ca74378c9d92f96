import type { Fault, UpstreamResponse } from '@latchkey/core'
import { unexpectedAnswer, verdictOfStatus } from '../shared/http-status.ts'
import { isSuccess, jsonOf } from '../shared/json.ts'
import { verdictOfCode } from '../shared/meta-codes.ts'
import { joinTexts } from '../shared/vendor-text.ts'
import { type Call, toFault, type Verdict } from '../shared/verdict.ts'
import { errorAnswer, type GraphError } from './schema.ts'
import { usagePressure } from './usage.ts'

/**
 * The JSON of an answer that is no error. Meta says to go by `code`, not by status, title or subcode: it throttles
 * with 400.
 * @throws Fault upstream_*
 */
export function successJson(call: Call, response: UpstreamResponse): unknown {
  const json = jsonOf(response)
  const error = errorIn(json)
  if (error !== null) throw faultOf(call, response, error)
  if (!isSuccess(response) || json === undefined) throw unexpectedAnswer(call, response)
  return json
}

function errorIn(json: unknown): GraphError | null {
  // To say why an answer is no error takes a schema longer than all else here, and hardly any is one.
  if (typeof json !== 'object' || json === null || !('error' in json)) return null
  const { data } = errorAnswer.safeParse(json)
  return data?.error ?? null
}

/** The fault for `{"success": false}`: no reason is given, so only a read can tell what became of it. */
export function unsuccessful(call: Call, response: UpstreamResponse): Fault {
  return toFault(call, response, {
    code: 'upstream_rejected',
    reason: 'Graph answered that it did not succeed, without a reason',
    effect: 'unknown',
  })
}

function faultOf(call: Call, response: UpstreamResponse, error: GraphError): Fault {
  return toFault(call, response, verdictOf(response, error), {
    code: error.code,
    message: joinTexts([error.message, error.error_data?.details ?? error.error_user_msg]),
    requestId:
      error.fbtrace_id ??
      response.headers.get('x-fb-request-id') ??
      response.headers.get('x-fb-trace-id'),
  })
}

function verdictOf(response: UpstreamResponse, error: GraphError): Verdict {
  const transient = error.is_transient === true
  const known = verdictOfCode(error.code ?? null, error.error_subcode ?? null)
  if (known?.code === 'upstream_rate_limited') {
    const regainMs = usagePressure(response)?.regainAccessMs ?? null
    return regainMs === null ? known : { ...known, retryAfterMs: regainMs }
  }
  if (known !== null) return transient ? { ...known, retryable: true } : known
  if (!transient) return verdictOfStatus(response.status)
  return {
    code: 'upstream_unavailable',
    reason: 'Graph calls its error transient',
    effect: 'unknown',
  }
}
