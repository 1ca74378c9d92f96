import type { Bytes } from '../bytes.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { findBlocks, type PemBlock } from '../pem/blocks.ts'
import { decodeBase64, decodeBody } from '../pem/body.ts'
import type { PemHeaders } from '../pem/headers.ts'
import type { RepairCode } from '../pem/repairs.ts'
import { surroundingRepairs } from '../pem/surroundings.ts'
import { looksPrivate } from '../public-key/private-text.ts'

/** The one private key of a text, decoded but not yet understood. */
export interface FoundKey {
  readonly bytes: Bytes
  readonly headers: PemHeaders
  /** Upper case without spaces, of the BEGIN and the END line; none around bare base64. */
  readonly labels: readonly string[]
  readonly repairs: readonly RepairCode[]
}

/** What a private key may come in and is not read here; the first that fits is told. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/BEGIN\s*OPENSSH\s*PRIVATE\s*KEY/i, 'in the format of OpenSSH'],
  [/PuTTY-User-Key-File/i, 'in the format of PuTTY'],
  [/["']kty["']\s*:/, 'a JWK'],
  [/<RSAKeyValue>/, "in .NET's XML"],
]

/** What OpenSSL puts before an EC key; the key names its curve itself. */
const EC_PARAMETERS = 'ECPARAMETERS'

/**
 * Finds the one private key of a normalised text.
 * @throws KeyFormatError where there is none, or more than one
 */
export function findPrivateKey(text: string): FoundKey {
  if (text.trim() === '') throw new KeyFormatError('the text is empty')
  const foreign = FOREIGN.find(([pattern]) => pattern.test(text))
  if (foreign !== undefined) throw new KeyFormatError(`it is ${foreign[1]}, expected PEM`)
  if (!looksPrivate(text)) throw new KeyFormatError('the text holds no private key')
  const blocks = findBlocks(text)
  if (blocks.length === 0) return readBare(text)
  const [block, ...more] = blocks.filter(isPrivate)
  if (block === undefined) throw new KeyFormatError('the text holds no private key')
  if (more.length > 0) throw new KeyFormatError('the text holds more than one private key')
  const { bytes, headers, repairs } = decodeBody(unfoldHeaders(block.body))
  // The headers of encryption are used, not left out.
  const needless = headers.has('dek-info') ? 'block_headers' : null
  const others = blocks.some((other) => other !== block && other.label !== EC_PARAMETERS)
  return {
    bytes,
    headers,
    labels: [block.label, block.endLabel],
    repairs: [
      ...surroundingRepairs(text, blocks),
      ...(others ? (['other_blocks'] as const) : []),
      ...(block.exact ? [] : (['nonstandard_armour'] as const)),
      ...repairs.filter((repair) => repair !== needless),
    ],
  }
}

/** Whether a block holds, or may hold, a private key, whatever its label says. */
export function isPrivate({ label, endLabel, body }: PemBlock): boolean {
  return [label, endLabel].some((name) => name.endsWith('PRIVATEKEY')) || looksPrivate(body)
}

/** Gives the headers of legacy encryption their lines back, where all line breaks became spaces. */
function unfoldHeaders(body: string): string {
  return body.replace(
    /^\s*(Proc-Type:\s?4,\s?ENCRYPTED)\s{1,4}(DEK-Info:\s?[\w-]{1,24},\s?[\dA-F]{1,64})\s{1,4}/i,
    '\n$1\n$2\n\n',
  )
}

/** Base64 alone: somebody dropped the BEGIN and END lines, or copied what is between them. */
function readBare(text: string): FoundKey {
  const quoted = /^\s*(["'`])([^"'`]*)\1\s*$/.exec(text)
  const decoded = decodeBase64(quoted?.[2] ?? text)
  if (decoded === null) throw new KeyFormatError('the text has no PEM block and is not base64')
  return {
    bytes: decoded.bytes,
    headers: new Map(),
    labels: [],
    repairs: [
      'missing_armour',
      ...(quoted === null ? [] : (['surrounding_quotes'] as const)),
      ...decoded.repairs,
    ],
  }
}
