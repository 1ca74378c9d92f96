import type { Fault, UpstreamResponse } from '@latchkey/core'
import type * as z from 'zod'
import { unexpectedAnswer } from '../shared/http-status.ts'
import { jsonOf } from '../shared/json.ts'
import { joinTexts } from '../shared/vendor-text.ts'
import { type Call, toFault, type Verdict } from '../shared/verdict.ts'
import { PBX_CODES, TOKEN_EXPIRED, UNKNOWN_CODE } from './codes.ts'
import { type Envelope, envelope } from './schema.ts'

const NO_VERDICTS: ReadonlyMap<number, Verdict> = new Map()

/**
 * What an answer says, where its code is no failure. The HTTP status decides nothing: the PBX fails with 200.
 * @param verdicts what codes mean to this call, where that is more than usual
 * @throws Fault upstream_*
 */
export function successOf<Schema extends z.ZodType>(
  call: Call,
  response: UpstreamResponse,
  schema: Schema,
  verdicts = NO_VERDICTS,
): z.output<Schema> {
  const json = jsonOf(response)
  const answer = envelope.safeParse(json)
  if (!answer.success) throw unexpectedAnswer(call, response)
  const verdict = verdictOf(answer.data, verdicts)
  if (verdict !== null) {
    throw toFault(call, response, verdict, {
      code: answer.data.errcode,
      message: messageOf(answer.data),
    })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw toFault(call, response, {
    code: 'upstream_malformed',
    reason: 'the PBX says that it succeeded, and not with what',
    effect: 'unknown',
  })
}

/** The session ended; a login that was refused says so in other codes. */
export function sessionEnded({ code, upstream }: Fault): boolean {
  return code === 'upstream_unauthorized' && upstream?.code === String(TOKEN_EXPIRED)
}

/** The code of the PBX in a fault. */
export function codeOf({ upstream }: Fault): number {
  return Number(upstream?.code ?? Number.NaN)
}

function verdictOf({ errcode }: Envelope, verdicts: ReadonlyMap<number, Verdict>): Verdict | null {
  const special = verdicts.get(errcode)
  if (special !== undefined) return special
  const known = PBX_CODES.get(errcode)
  return known === undefined ? UNKNOWN_CODE : known.verdict
}

/** The message, and which fields it is about. */
function messageOf(answer: Envelope): string {
  const details = [...(answer.invalid_param_list ?? []), ...(answer.duplicate_field_list ?? [])]
  const fields = details.map(({ field, value, validation_type: type }) =>
    joinTexts([field, type ?? value]),
  )
  return joinTexts([answer.errmsg, ...fields])
}
