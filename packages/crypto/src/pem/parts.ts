import { Fault } from '@latchkey/core'
import type { Bytes } from '../bytes.ts'
import { KeyFormatError } from '../key-format-error.ts'
import { isPrivate } from '../private-key/text.ts'
import { looksPrivate } from '../public-key/private-text.ts'
import { findBlocks, type PemBlock } from './blocks.ts'
import { decodeBase64, decodeBody } from './body.ts'
import type { RepairCode } from './repairs.ts'
import { surroundingRepairs } from './surroundings.ts'
import { normaliseText } from './text.ts'

/** One block of a text that holds several things. */
export interface PemPart {
  /** Upper case without spaces (`RSAPRIVATEKEY`); empty for base64 without armour. */
  readonly label: string
  /** Whether it holds, or may hold, a private key; that is left to its own reader. */
  readonly isPrivate: boolean
  /** The block with its BEGIN and END line. */
  readonly text: string
  /** Null where it is private, or no base64. */
  readonly bytes: Bytes | null
}

export interface PemParts {
  readonly parts: readonly PemPart[]
  readonly repairs: ReadonlySet<RepairCode>
  /** Whether what stands around the blocks may hold a private key. */
  readonly isPrivateAround: boolean
}

/**
 * Takes apart a PEM text, however mangled, into its blocks, at most `limit` of them. Text without any block is read
 * as base64 alone, if it is that.
 * @throws Fault `certificate_invalid` where BEGIN and END lines do not pair up, or there are too many blocks
 */
export function readPemParts(submitted: string, limit: number): PemParts {
  const { text, repairs } = normaliseText(submitted)
  try {
    const blocks = findBlocks(text, limit)
    return blocks.length === 0 ? readBare(text, repairs) : readBlocks(text, blocks, repairs)
  } catch (cause) {
    if (!(cause instanceof KeyFormatError)) throw cause
    throw new Fault('certificate_invalid', `Cannot read PEM: ${cause.message}`, { cause })
  }
}

function readBlocks(
  text: string,
  blocks: readonly PemBlock[],
  repairs: readonly RepairCode[],
): PemParts {
  const found = new Set([...repairs, ...surroundingRepairs(text, blocks)])
  const parts = blocks.map((block): PemPart => {
    const part = { label: block.label, text: text.slice(block.start, block.end) }
    if (isPrivate(block)) return { ...part, isPrivate: true, bytes: null }
    if (!block.exact) found.add('nonstandard_armour')
    return { ...part, isPrivate: false, bytes: bytesOf(block, found) }
  })
  const ends = [0, ...blocks.map(({ end }) => end)]
  const around = ends.map((end, index) => text.slice(end, blocks[index]?.start))
  return { parts, repairs: found, isPrivateAround: around.some(looksPrivate) }
}

function bytesOf({ body }: PemBlock, found: Set<RepairCode>): Bytes | null {
  try {
    const { bytes, repairs } = decodeBody(body)
    for (const repair of repairs) found.add(repair)
    return bytes
  } catch (error) {
    if (error instanceof KeyFormatError) return null
    throw error
  }
}

function readBare(text: string, repairs: readonly RepairCode[]): PemParts {
  const quoted = /^\s*(["'`])([^"'`]*)\1\s*$/.exec(text)?.[2]
  const bare = (quoted ?? text).trim()
  const hidden = looksPrivate(bare)
  const decoded = hidden || bare === '' ? null : decodeBase64(bare)
  if (decoded === null && !hidden) {
    return { parts: [], repairs: new Set(repairs), isPrivateAround: false }
  }
  return {
    parts: [{ label: '', isPrivate: hidden, text: bare, bytes: decoded?.bytes ?? null }],
    repairs: new Set([
      ...repairs,
      'missing_armour',
      ...(quoted === undefined ? [] : (['surrounding_quotes'] as const)),
      ...(decoded?.repairs ?? []),
    ]),
    isPrivateAround: false,
  }
}
