import { KeyFormatError } from '../key-format-error.ts'

/** A PEM block as it stands in the text (RFC 7468 §3), its body not yet decoded. */
export interface PemBlock {
  /** Upper case without spaces (`RSAPUBLICKEY`), so that spellings of one label are one. */
  readonly label: string
  readonly endLabel: string
  /** Whether both lines are spelled exactly as RFC 7468 has them. */
  readonly exact: boolean
  /** Everything between the BEGIN and the END line. */
  readonly body: string
  readonly start: number
  readonly end: number
}

interface Armour {
  readonly kind: 'BEGIN' | 'END'
  readonly label: string
  readonly exact: boolean
  readonly start: number
  readonly end: number
}

/** A long chain with its roots; more is no key. */
export const MAX_BLOCKS = 32

/** Longer than any label in use, with room for odd spacing. */
const MAX_ARMOUR_LENGTH = 80

/** A hyphen, or what word processors make of several. */
const DASHES = /[-\u2010-\u2015\u2212]+/g

const EXACT_ARMOUR = /^-----(?:BEGIN|END) [A-Z\d]+(?: [A-Z\d]+)*-----$/

/**
 * Finds the PEM blocks of a text that has line feeds only, in linear time.
 * @throws KeyFormatError where BEGIN and END lines do not pair up, or there are too many
 */
export function findBlocks(text: string, limit = MAX_BLOCKS): readonly PemBlock[] {
  const blocks: PemBlock[] = []
  let open: Armour | null = null
  for (const armour of findArmour(text)) {
    if (open === null && armour.kind === 'BEGIN') {
      open = armour
    } else if (open !== null && armour.kind === 'END') {
      blocks.push(blockOf(text, open, armour))
      open = null
    } else {
      throw new KeyFormatError('its BEGIN and END lines do not pair up')
    }
    if (blocks.length > limit) {
      throw new KeyFormatError(`there are more than ${limit} PEM blocks`)
    }
  }
  if (open !== null) throw new KeyFormatError('its BEGIN line has no END line')
  return blocks
}

function blockOf(text: string, begin: Armour, end: Armour): PemBlock {
  return {
    label: begin.label,
    endLabel: end.label,
    exact: begin.exact && end.exact,
    body: text.slice(begin.end, end.start),
    start: begin.start,
    end: end.end,
  }
}

/** An armour line is what stands between two runs of dashes and begins with BEGIN or END. */
function findArmour(text: string): readonly Armour[] {
  const found: Armour[] = []
  let before: { start: number; end: number } | null = null
  for (const match of text.matchAll(DASHES)) {
    const run = { start: match.index, end: match.index + match[0].length }
    const armour = before === null ? null : readArmour(text, before, run)
    if (armour !== null) found.push(armour)
    before = run
  }
  return found
}

function readArmour(
  text: string,
  before: { start: number; end: number },
  after: { start: number; end: number },
): Armour | null {
  if (after.start - before.end > MAX_ARMOUR_LENGTH) return null
  const words = text.slice(before.end, after.start).replaceAll(/\s/g, '').toUpperCase()
  const [, kind, label] = /^(BEGIN|END)([A-Z\d]+)$/.exec(words) ?? []
  if ((kind !== 'BEGIN' && kind !== 'END') || label === undefined) return null
  const exact = EXACT_ARMOUR.test(text.slice(before.start, after.end))
  return { kind, label, exact, start: before.start, end: after.end }
}
