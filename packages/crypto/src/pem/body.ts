import type { Bytes } from '../bytes.ts'
import { fromBase64 } from '../encoding.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { type PemHeaders, takeHeaders } from './headers.ts'
import type { RepairCode } from './repairs.ts'

/** Columns of base64 in a line (RFC 7468 §2). */
export const PEM_COLUMNS = 64

/** `\s`, and the next line of EBCDIC. */
const WHITESPACE = /[\s\u0085]+/g

export interface DecodedBase64 {
  readonly bytes: Bytes
  readonly repairs: readonly RepairCode[]
}

export interface DecodedBody extends DecodedBase64 {
  readonly headers: PemHeaders
}

/**
 * Decodes what stands between a BEGIN and an END line, naming how it differs from RFC 7468's strict form.
 * @throws KeyFormatError where it is not base64
 */
export function decodeBody(body: string): DecodedBody {
  const { headers, lines, repairs } = takeHeaders(body.split('\n'))
  const decoded = decodeBase64(lines.join('\n'))
  if (decoded === null) throw new KeyFormatError('the PEM block is not base64')
  const restored = decoded.repairs.includes('plus_signs_restored')
  const layout = layoutOf(restored ? lines.map(restorePlus) : lines)
  return { bytes: decoded.bytes, headers, repairs: [...repairs, ...layout, ...decoded.repairs] }
}

/**
 * Decodes base64 with any whitespace in it; null where it is something else.
 *
 * A form that was not percent-encoded turns each `+` into a space. Which of the two a space is cannot be
 * seen, but the DER inside tells its own length: only one reading has it.
 */
export function decodeBase64(text: string): DecodedBase64 | null {
  const compact = text.replaceAll(WHITESPACE, '')
  const plain = decodePadded(compact)
  if (plain === null || !tellsItsLength(plain)) {
    const restored = decodePadded(restorePlus(text).replaceAll(WHITESPACE, ''))
    if (restored !== null && tellsItsLength(restored)) {
      return { bytes: restored, repairs: ['plus_signs_restored'] }
    }
  }
  if (plain === null) return null
  return { bytes: plain, repairs: compact.length % 4 === 0 ? [] : ['missing_padding'] }
}

function restorePlus(text: string): string {
  return text.replaceAll(' ', '+')
}

function decodePadded(compact: string): Bytes | null {
  return fromBase64(compact.padEnd(Math.ceil(compact.length / 4) * 4, '='))
}

/** Whether these are as many bytes as the header of a DER element of 128 bytes or more says. */
function tellsItsLength(bytes: Bytes): boolean {
  const [, form = 0, first = 0, second = 0] = bytes
  if (form === 0x81) return bytes.length === 3 + first
  return form === 0x82 && bytes.length === 4 + first * 256 + second
}

function layoutOf(lines: readonly string[]): readonly RepairCode[] {
  if (lines.length === 1) return ['single_line']
  const bare = lines.map((line) => line.replaceAll(WHITESPACE, ''))
  const content = bare.filter((line) => line !== '')
  const repairs: RepairCode[] = []
  // The breaks after BEGIN and before END leave nothing before and after them: two empty lines are due.
  const blank = content.length < lines.length - 2
  if (blank || lines.some((line, index) => line !== bare[index])) repairs.push('stray_whitespace')
  const alone = bare[0] === '' && bare.at(-1) === ''
  const full = content.slice(0, -1).every((line) => line.length === PEM_COLUMNS)
  const short = (content.at(-1)?.length ?? 0) <= PEM_COLUMNS
  if (!alone || !full || !short) repairs.push('nonstandard_wrapping')
  return repairs
}
