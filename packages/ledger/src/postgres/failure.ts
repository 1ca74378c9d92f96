import { Fault } from '@latchkey/core'

/**
 * By SQLSTATE, its class, or the code of an error of the socket or of the client
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html). Its words are ours: those of the server and of the
 * socket may carry stored data, or parts of the address.
 */
const REASONS: readonly (readonly [code: string, reason: string])[] = [
  ['ECONNREFUSED', 'nobody listens at its address'],
  ['ENOTFOUND', 'the name of its host is not known'],
  ['EAI_AGAIN', 'the name of its host cannot be looked up'],
  ['CONNECT_TIMEOUT', 'it does not answer in time'],
  ['CONNECTION_ENDED', 'it was closed here'],
  ['28', 'it refuses the user or the password'],
  ['3D', 'it has no database of this name'],
  ['42501', 'the user lacks a privilege'],
  ['25006', 'it cannot be written to'],
  ['53100', 'the disk is full'],
  ['53300', 'it has too many connections'],
  ['57014', 'it did not finish in time'],
  ['57P', 'it is starting or stopping'],
  ['40001', 'others change the same, again and again'],
  ['40P01', 'others change the same, again and again'],
  ['58', 'the system under it reports an error'],
  ['XX', 'it reports damage'],
]

const UNANSWERED = 'UNANSWERED'

/** Nothing was heard of a statement for so long that its connection counts as lost. */
export class UnansweredError extends Error {
  readonly code = UNANSWERED
}

/** What the client says of a connection that was there and is gone. */
const LOST = [UNANSWERED, 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE']
/** What it says where there is none to be had. */
const ABSENT = ['ECONNREFUSED', 'CONNECT_TIMEOUT', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOENT', '53300']
/** The server, or the administrator, takes a connection away (class 57, operator intervention; 08, connection). */
const TAKEN = ['57P', '08']
/** Serialization failure and deadlock: nothing was written, and the same may well succeed now. */
const COLLIDED = ['40001', '40P01']

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : ''
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(codeOf(error))
}

/** Whether the connection was lost, so that nobody knows what became of the last thing that was said on it. */
export function isLost(error: unknown): boolean {
  return isCode(error, ...LOST) || TAKEN.some((start) => codeOf(error).startsWith(start))
}

/** Whether a connection is of no use any more, and others may not be either. */
export function isBroken(error: unknown): boolean {
  return isLost(error) || isCode(error, 'CONNECT_TIMEOUT')
}

/** Whether the same may be tried again at once, where it is known to have written nothing or to be harmless twice. */
export function isPassing(error: unknown): boolean {
  return isLost(error) || isCode(error, ...ABSENT, ...COLLIDED)
}

/** What went wrong, in a few words that contain none of the data and nothing of the address. */
export function reasonOf(error: unknown): string {
  if (isCode(error, ...LOST)) return 'the connection was lost'
  const code = codeOf(error)
  const known = REASONS.find(([start]) => code.startsWith(start))?.[1]
  return known ?? (code === '' ? 'it failed' : `it reports ${code}`)
}

/** The fault that a caller gets for what the client threw. */
export function faultOf(cause: unknown): Fault {
  return new Fault('internal', `Cannot use the Postgres database: ${reasonOf(cause)}`, { cause })
}
