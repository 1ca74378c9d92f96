/** The error codes of the vendor's table, with the message of each. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [-2, 'INTERNAL SERVER ERROR'],
  [-1, 'FAILURE'],
  [0, 'SUCCESS'],
  [1, 'PARTIAL SUCCESS'],
  [2, 'PROCESSING'],
  [10001, 'INTERFACE NOT EXISTED'],
  [10002, 'API VERSION OUT OF MAINTENANCE'],
  [10003, 'API VERSION UNSUPPORTED'],
  [10004, 'TOKEN EXPIRED'],
  [10005, 'ACCESS DENIED'],
  [40001, 'PARAMETER SYNTAX ERROR'],
  [40002, 'PARAMETER ERROR'],
  [40003, 'DUPLICATE KEY VALUE'],
  [40004, 'FILE SIZE EXCEEDED'],
  [60001, 'DATA NOT FOUND'],
  [60002, 'MAX LIMITATION EXCEEDED'],
  [60101, 'ROLE NOT EXISTED'],
  [70004, 'ACCOUNT IP BLOCKED'],
  [70082, 'OVERLOAD_TASK_RUNNING'],
  [70084, 'ACTION FORBIDDEN'],
  [70087, 'IP FORBIDDEN'],
  [70091, 'CONNECTION_RELATION_EXISTED'],
  [70093, 'PHONEBOOK_NOT_EXISTED'],
  [70106, 'RATE_NOT_EXISTED'],
  [70120, 'ORGANIZATION DISABLED'],
])

/** Ends the handling of a request with one of the PBX's errors. */
export class PbxError extends Error {
  readonly code: number
  /** What the answer says besides code and message. */
  readonly fields: object

  constructor(code: number, fields: object = {}) {
    super(`PBX error ${code}`)
    this.name = 'PbxError'
    this.code = code
    this.fields = fields
  }
}

/** A parameter that is missing, or not what it should be. */
export function invalidParameter(field: string, validationType: string): PbxError {
  const invalid = { field, validation_type: validationType }
  return new PbxError(40002, { invalid_param_list: [invalid] })
}

export function isPbxCode(code: number): boolean {
  return MESSAGES.has(code)
}

/** HTTP is 200 whatever happened; `errcode` alone tells. */
export function pbxAnswer(code: number, fields: object = {}): Response {
  return Response.json({ errcode: code, errmsg: MESSAGES.get(code) ?? 'FAILURE', ...fields })
}
