import type { RepairCode } from '@latchkey/crypto'
import { note, type Note } from './findings.ts'

/** What was mended in a text of several blocks. */
const MESSAGES = [
  ['byte_order_mark', 'A byte order mark before the text was removed'],
  ['crlf_line_endings', 'Line endings CR LF were read as LF'],
  ['cr_line_endings', 'Line endings CR were read as LF'],
  ['escaped_newlines', 'Line breaks written as backslash and letter were read as line breaks'],
  ['escaped_characters', 'Characters written as JSON escapes were read as themselves'],
  ['surrounding_quotes', 'Quotes around the bundle were removed'],
  ['surrounding_text', 'Text around the PEM blocks was left out'],
  ['stray_whitespace', 'Indentation, blank lines or other stray whitespace was removed'],
  ['single_line', 'A block without line breaks was wrapped at 64 characters'],
  ['nonstandard_wrapping', 'Lines of another length than 64 characters were wrapped anew'],
  ['nonstandard_armour', 'A BEGIN or END line spelled unusually was read as what it stands for'],
  ['missing_armour', 'Base64 without BEGIN and END lines was read as a block'],
  ['mislabelled_block', 'A BEGIN or END line names another kind of content than was found'],
  ['block_headers', 'Header lines inside a PEM block were left out'],
  ['missing_padding', 'The padding at the end of the base64 was added'],
  [
    'plus_signs_restored',
    'Spaces were read as the plus signs that form encoding had turned into spaces',
  ],
] as const satisfies readonly (readonly [RepairCode, string])[]

/** The repairs in the order of the table. */
export function repairNotes(codes: ReadonlySet<RepairCode>): readonly Note[] {
  return MESSAGES.filter(([code]) => codes.has(code)).map(([code, message]) =>
    note('repaired', code, message),
  )
}
