import { HOUR } from '@latchkey/core'
import { knobBoard } from '../shared/emulator.ts'
import { boolean, integer, object, oneOf } from '../shared/readers.ts'

/** Where the On-Premises pages contradict each other or are silent, a knob says which of them is right. */
export interface OnPremKnobs {
  /**
   * The key of a GET: flat as the page prints it, with the `meta` of every other answer, under
   * `settings`, or at its whole path under `settings`.
   */
  readonly envelope: 'flat' | 'meta' | 'settings' | 'settings-path'
  /** How a number without a key is told; no page says. */
  readonly unset: 'empty-object' | 'blank-key' | 'missing-key' | 'not-found'
  /** The page shows JSON and tells to send a form; which of them the server needs is open. */
  readonly accepts: 'form-and-json' | 'form' | 'json'
  /** `meta.version` was seen with and without a leading `v`. */
  readonly version: 'with-v' | 'without-v'
  /** Whether settings need the admin role: documented for certificates alone. */
  readonly settingsNeedAdmin: boolean
  /** For so long after a write, reads show what was there before. */
  readonly readLagMs: number
  /**
   * `certificates/external/ca` before anything was uploaded: the CA that a real client made for
   * itself, or the 404 of the page.
   */
  readonly externalCa: 'generated' | 'none'
  /** The code of an upload that is refused; no page says. */
  readonly badUploadCode: 1009 | 1014
  /** Whether an expired certificate keeps the web server from starting, as other flaws do. */
  readonly expiredBundle: 'bricks' | 'served'
  /** A webhook CA that is not there: a bare 404 as the page has it, or a real client's JSON. */
  readonly missingWebhookCa: 'empty' | 'json'
  /** What a write of the webhook CA answers; the page allows both. */
  readonly webhookCaAnswer: 'null' | 'object'
}

const DEFAULTS: OnPremKnobs = {
  envelope: 'flat',
  unset: 'empty-object',
  accepts: 'form-and-json',
  version: 'with-v',
  settingsNeedAdmin: false,
  readLagMs: 0,
  externalCa: 'generated',
  badUploadCode: 1009,
  expiredBundle: 'bricks',
  missingWebhookCa: 'empty',
  webhookCaAnswer: 'null',
}

const read = object(
  {},
  {
    envelope: oneOf('flat', 'meta', 'settings', 'settings-path'),
    unset: oneOf('empty-object', 'blank-key', 'missing-key', 'not-found'),
    accepts: oneOf('form-and-json', 'form', 'json'),
    version: oneOf('with-v', 'without-v'),
    settingsNeedAdmin: boolean,
    readLagMs: integer(0, HOUR),
    externalCa: oneOf('generated', 'none'),
    badUploadCode: oneOf(1009, 1014),
    expiredBundle: oneOf('bricks', 'served'),
    missingWebhookCa: oneOf('empty', 'json'),
    webhookCaAnswer: oneOf('null', 'object'),
  },
)

export const onPremKnobs = () => knobBoard(DEFAULTS, read)
