import { createHash } from 'node:crypto'
import type { HeadsDigest } from '@latchkey/core'
import { integer, text } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'

/** Between pages others have their turn: a large log takes a second. */
const SUBJECTS_PER_PAGE = 1000

function lastPosition(db: SqlDatabase): number {
  const row = first(db, `SELECT ifnull(max(position), 0) AS position FROM events`)
  return row === null ? 0 : integer(row, 'position')
}

/** The next subjects after `after`, each with its newest event up to `upTo`; steps over all others. */
function headsAfter(db: SqlDatabase, after: string, upTo: number): readonly SqlRow[] {
  return db.all(
    `WITH RECURSIVE subjects (subject) AS (
       SELECT min(subject) FROM events WHERE subject > ?1
       UNION ALL
       SELECT (SELECT min(subject) FROM events WHERE subject > subjects.subject)
       FROM subjects WHERE subjects.subject IS NOT NULL
       LIMIT ?2
     )
     SELECT subjects.subject AS subject, head.sequence AS sequence, head.hash AS hash
     FROM subjects LEFT JOIN events head ON head.subject = subjects.subject
       AND head.sequence = (SELECT sequence FROM events
         WHERE subject = subjects.subject AND position <= ?3 ORDER BY sequence DESC LIMIT 1)
     WHERE subjects.subject IS NOT NULL`,
    after,
    SUBJECTS_PER_PAGE,
    upTo,
  )
}

/** One digest over every subject's newest event, as the port describes it. */
export async function digestHeads(db: SqlDatabase, upTo: number | null): Promise<HeadsDigest> {
  const limit = upTo ?? lastPosition(db)
  const digest = createHash('sha256')
  let subjects = 0
  let after: string | null = ''
  while (after !== null) {
    const rows = headsAfter(db, after, limit)
    for (const row of rows) {
      // A subject of which nothing had arrived by then.
      if (row['sequence'] === null) continue
      digest.update(`${text(row, 'subject')} ${integer(row, 'sequence')} ${text(row, 'hash')}\n`)
      subjects += 1
    }
    const last: SqlRow | undefined = rows.at(-1)
    after = last === undefined || rows.length < SUBJECTS_PER_PAGE ? null : text(last, 'subject')
    if (after !== null) await new Promise((resolve) => setTimeout(resolve))
  }
  return { upTo: limit, subjects, digest: digest.digest('hex') }
}
