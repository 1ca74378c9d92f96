import { knobBoard } from '../shared/emulator.ts'
import { object, oneOf } from '../shared/readers.ts'

/** Where Kaleyra's pages contradict each other or are silent, a knob says which of them is right. */
export interface KaleyraKnobs {
  /** `WA-400`, or `WA400` as other pages of Kaleyra spell it. */
  readonly codes: 'dashed' | 'dashless'
  /** The `error` of an envelope: the page shows an object for some and a string for others. */
  readonly errors: 'documented' | 'object' | 'string'
  /**
   * A POST without a key. The page that reads the key back says POST, and prints no parameter: so
   * the server may read, or refuse, or, which nobody should try on a live number, erase the key.
   */
  readonly emptyPost: 'read' | 'refuse' | 'erase'
  /** Whether that page's label is a slip and GET reads the key. */
  readonly get: 'not-allowed' | 'read'
}

const DEFAULTS: KaleyraKnobs = {
  codes: 'dashed',
  errors: 'documented',
  emptyPost: 'read',
  get: 'not-allowed',
}

const read = object(
  {},
  {
    codes: oneOf('dashed', 'dashless'),
    errors: oneOf('documented', 'object', 'string'),
    emptyPost: oneOf('read', 'refuse', 'erase'),
    get: oneOf('not-allowed', 'read'),
  },
)

export const kaleyraKnobs = () => knobBoard(DEFAULTS, read)
