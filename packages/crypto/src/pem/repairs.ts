import type { Warning } from '@latchkey/core'

/** What can be mended on the way from a pasted text to a canonical key, each with what is told of it. */
const REPAIRS = [
  ['byte_order_mark', 'A byte order mark before the text was removed'],
  ['crlf_line_endings', 'Line endings CR LF were read as LF'],
  ['cr_line_endings', 'Line endings CR were read as LF'],
  ['escaped_newlines', 'Line breaks written as backslash and letter were read as line breaks'],
  ['escaped_characters', 'Characters written as JSON escapes were read as themselves'],
  ['surrounding_quotes', 'Quotes around the key were removed'],
  ['surrounding_text', 'Text around the key was left out'],
  ['stray_whitespace', 'Indentation, blank lines or other stray whitespace was removed'],
  ['single_line', 'A key without line breaks was wrapped at 64 characters'],
  ['nonstandard_wrapping', 'Lines of another length than 64 characters were wrapped anew'],
  ['nonstandard_armour', 'A BEGIN or END line spelled unusually was read as what it stands for'],
  ['missing_armour', 'Base64 without BEGIN and END lines was read as a key'],
  ['mislabelled_block', 'The BEGIN or END line names another kind of content than was found'],
  ['block_headers', 'Header lines inside the PEM block were left out'],
  ['missing_padding', 'The padding at the end of the base64 was added'],
  [
    'plus_signs_restored',
    'Spaces were read as the plus signs that form encoding had turned into spaces',
  ],
  ['converted_from_pkcs1', 'An RSAPublicKey (PKCS#1) was converted to SubjectPublicKeyInfo'],
  ['converted_from_rsa_private_key', 'An RSAPrivateKey (PKCS#1) was converted to PKCS#8'],
  ['converted_from_ec_private_key', 'An ECPrivateKey (SEC 1) was converted to PKCS#8'],
  ['attributes_removed', 'Attributes beside the private key were left out'],
  ['extracted_from_certificate', 'The public key was taken out of a certificate'],
  ['certificate_chain', 'Of several certificates the first was taken'],
  ['duplicate_key', 'The same key was found more than once'],
  ['other_blocks', 'PEM blocks of another kind were left out'],
  ['passphrase_not_needed', 'The key is not encrypted: the passphrase was not needed'],
] as const

export type RepairCode = (typeof REPAIRS)[number][0]

/** The repairs as warnings, in the order of the table, each once. */
export function repairWarnings(codes: ReadonlySet<RepairCode>): readonly Warning[] {
  return REPAIRS.filter(([code]) => codes.has(code)).map(([code, message]) => ({ code, message }))
}
