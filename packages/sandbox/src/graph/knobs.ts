import { HOUR } from '@latchkey/core'
import { knobBoard } from '../shared/emulator.ts'
import { boolean, integer, nullable, object, oneOf, text } from '../shared/readers.ts'

/** Where Meta's pages contradict each other or are silent, a knob says which of them is right. */
export interface GraphKnobs {
  /** The key in a list under `data`, as in Meta's collections, or flat, as on the old page. */
  readonly envelope: 'data' | 'flat'
  /** How a number without a key is told; no page says. */
  readonly unset: 'empty-list' | 'blank-key' | 'missing-key'
  /** `true`, or the string `"true"` that Meta's collection shows for another write. */
  readonly success: 'boolean' | 'string'
  /** The status alone for a valid key, as one example of the page has it. */
  readonly validKey: 'shown' | 'hidden'
  readonly lineEnds: 'verbatim' | 'crlf'
  /** Without any paging, as Meta's collection shows it, the whole list comes at once. */
  readonly paging: 'cursors' | 'none'
  /** An origin that `paging.next` names instead of this server's own: a trap, as it holds the token. */
  readonly nextOrigin: string | null
  readonly requireAppSecret: boolean
  /** For so long after a write, reads show what was there before. */
  readonly readLagMs: number
  /** Management calls an hour for one WABA; 5000 is the documented quota of an active one. */
  readonly hourlyLimit: number
  /** An alert's errors as the page's example spells them, or as its table does. */
  readonly alertSpelling: 'example' | 'table'
}

const DEFAULTS: GraphKnobs = {
  envelope: 'data',
  unset: 'empty-list',
  success: 'boolean',
  validKey: 'shown',
  lineEnds: 'verbatim',
  paging: 'cursors',
  nextOrigin: null,
  requireAppSecret: false,
  readLagMs: 0,
  hourlyLimit: 5000,
  alertSpelling: 'example',
}

const read = object(
  {},
  {
    envelope: oneOf('data', 'flat'),
    unset: oneOf('empty-list', 'blank-key', 'missing-key'),
    success: oneOf('boolean', 'string'),
    validKey: oneOf('shown', 'hidden'),
    lineEnds: oneOf('verbatim', 'crlf'),
    paging: oneOf('cursors', 'none'),
    nextOrigin: nullable(text),
    requireAppSecret: boolean,
    readLagMs: integer(0, HOUR),
    hourlyLimit: integer(0, 1_000_000),
    alertSpelling: oneOf('example', 'table'),
  },
)

export const graphKnobs = () => knobBoard(DEFAULTS, read)
