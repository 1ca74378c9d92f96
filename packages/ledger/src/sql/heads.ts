import type { HeadsDigest } from '@latchkey/core'
import { nodeCrypto } from '../node-crypto.ts'
import { integer, text } from './columns.ts'
import type { SqlRow } from './database.ts'

/** Between pages others have their turn: a large log takes a second. */
export const SUBJECTS_PER_PAGE = 1000

export interface Heads {
  /** Takes in the next page, and says after which subject the one after it begins; null: it was the last. */
  add(page: readonly SqlRow[]): string | null
  digest(upTo: number): HeadsDigest
}

/** One digest over every subject's newest event, page by page in the order of their subjects. */
export function digestOfHeads(): Heads {
  const digest = nodeCrypto().createHash('sha256')
  let subjects = 0
  return {
    add(page) {
      for (const row of page) {
        // A subject of which nothing had arrived by then.
        if (row['sequence'] === null) continue
        digest.update(`${text(row, 'subject')} ${integer(row, 'sequence')} ${text(row, 'hash')}\n`)
        subjects += 1
      }
      const last = page.at(-1)
      return last === undefined || page.length < SUBJECTS_PER_PAGE ? null : text(last, 'subject')
    },
    digest: (upTo) => ({ upTo, subjects, digest: digest.digest('hex') }),
  }
}
