import { DAY, MINUTE } from '@latchkey/core'
import { knobBoard } from '../shared/emulator.ts'
import { integer, object, oneOf } from '../shared/readers.ts'

/** Where the P-Series pages contradict each other or are silent, a knob says which of them is right. */
export interface PbxKnobs {
  /** A request without a `User-Agent` was seen to fail; the pages print none. */
  readonly userAgent: 'required' | 'ignored'
  /** Whether a login leaves earlier tokens alone, as the limit of 8 tells, or ends them, as one user noted. */
  readonly login: 'adds' | 'replaces'
  /** Whether a refresh token is good once or until it expires; no page says. */
  readonly refresh: 'rotates' | 'keeps'
  /** The `errcode` of a write that is taken: 0, 1 (`PARTIAL SUCCESS`) or 2 (`PROCESSING`). None is a failure. */
  readonly writes: 'success' | 'partial-success' | 'processing'
  /** How long an application for a certificate is under way. */
  readonly issuanceMs: number
  /** How an application ends. */
  readonly issuance: 'succeeds' | 'fails'
  /** The DNS provider's code of an application that failed; its values are nowhere listed. */
  readonly applyTipCode: number
  /** Whether a temporary file keeps the name it was sent with: only the answer's `file` names it. */
  readonly uploadNames: 'as-sent' | 'renamed'
  /** Whether the file of a server certificate has to hold its private key; no page says. */
  readonly serverFile: 'with-key' | 'any'
  /** How `expiration` is written: a string, of which no page tells the format. */
  readonly expiration: ExpirationFormat
}

export type ExpirationFormat = 'slashes' | 'dashes' | 'openssl' | 'rfc3339' | 'epoch'

const DEFAULTS: PbxKnobs = {
  userAgent: 'required',
  login: 'adds',
  refresh: 'rotates',
  writes: 'success',
  issuanceMs: MINUTE,
  issuance: 'succeeds',
  applyTipCode: 1,
  uploadNames: 'as-sent',
  serverFile: 'with-key',
  expiration: 'slashes',
}

const read = object(
  {},
  {
    userAgent: oneOf('required', 'ignored'),
    login: oneOf('adds', 'replaces'),
    refresh: oneOf('rotates', 'keeps'),
    writes: oneOf('success', 'partial-success', 'processing'),
    issuanceMs: integer(0, DAY),
    issuance: oneOf('succeeds', 'fails'),
    applyTipCode: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    uploadNames: oneOf('as-sent', 'renamed'),
    serverFile: oneOf('with-key', 'any'),
    expiration: oneOf('slashes', 'dashes', 'openssl', 'rfc3339', 'epoch'),
  },
)

export const pbxKnobs = () => knobBoard(DEFAULTS, read)
