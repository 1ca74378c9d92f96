import { KeyFormatError } from '../key-format-error.ts'
import { findBlocks, type PemBlock } from '../pem/blocks.ts'
import { decodeBase64, decodeBody } from '../pem/body.ts'
import type { RepairCode } from '../pem/repairs.ts'
import { surroundingRepairs } from '../pem/surroundings.ts'
import { type Content, type ContentKind, LABELS, readContent } from './content.ts'

/** The keys that a text holds, at least one, and what had to be mended to read them. */
export interface Candidates {
  readonly keys: readonly [Content, ...Content[]]
  readonly repairs: readonly RepairCode[]
}

const CONVERSIONS: Readonly<Record<ContentKind, readonly RepairCode[]>> = {
  spki: [],
  pkcs1: ['converted_from_pkcs1'],
  certificate: ['extracted_from_certificate'],
}

/**
 * Reads every public key of a normalised text, of a certificate chain the first one's.
 * @throws KeyFormatError where there is none, or one of them cannot be read
 */
export function readCandidates(text: string): Candidates {
  if (text.trim() === '') throw new KeyFormatError('the text is empty')
  const blocks = findBlocks(text)
  if (blocks.length === 0) return readBare(text)
  const known = blocks.filter(({ label }) => LABELS.has(label))
  const chosen = withoutIssuers(known)
  const [first, ...rest] = chosen.map(readBlock)
  if (first === undefined) {
    throw new KeyFormatError('it has no PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE block')
  }
  const repairs: RepairCode[] = [...surroundingRepairs(text, blocks)]
  if (known.length < blocks.length) repairs.push('other_blocks')
  if (chosen.length < known.length) repairs.push('certificate_chain')
  for (const each of [first, ...rest]) repairs.push(...each.repairs)
  return { keys: [first.content, ...rest.map((each) => each.content)], repairs }
}

/** All blocks but the certificates after the first: they are its issuers. */
function withoutIssuers(blocks: readonly PemBlock[]): readonly PemBlock[] {
  const leaf = blocks.find(isCertificate)
  return blocks.filter((block) => block === leaf || !isCertificate(block))
}

function isCertificate(block: PemBlock): boolean {
  return LABELS.get(block.label) === 'certificate'
}

function readBlock(block: PemBlock): { content: Content; repairs: readonly RepairCode[] } {
  const { bytes, repairs } = decodeBody(block.body)
  const content = readContent(bytes, block.label)
  const labelled = [block.label, block.endLabel].every(
    (label) => LABELS.get(label) === content.kind,
  )
  return {
    content,
    repairs: [
      ...repairs,
      ...CONVERSIONS[content.kind],
      ...(block.exact ? [] : (['nonstandard_armour'] as const)),
      ...(labelled ? [] : (['mislabelled_block'] as const)),
    ],
  }
}

/** Base64 alone: somebody dropped the BEGIN and END lines, or copied what is between them. */
function readBare(text: string): Candidates {
  if (/^\s*ssh-/.test(text)) {
    throw new KeyFormatError('it is in the format of OpenSSH, expected PEM')
  }
  const quoted = /^\s*(["'`])([^"'`]*)\1\s*$/.exec(text)
  const decoded = decodeBase64(quoted?.[2] ?? text)
  if (decoded === null) throw new KeyFormatError('the text has no PEM block and is not base64')
  const content = readContent(decoded.bytes, null)
  return {
    keys: [content],
    repairs: [
      'missing_armour',
      ...(quoted === null ? [] : (['surrounding_quotes'] as const)),
      ...decoded.repairs,
      ...CONVERSIONS[content.kind],
    ],
  }
}
