import type { HeadsDigest } from '@latchkey/core'
import { integer } from './columns.ts'
import { first, type SqlDatabase, type SqlRow } from './database.ts'
import { digestOfHeads, SUBJECTS_PER_PAGE } from './heads.ts'

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
  const heads = digestOfHeads()
  let after: string | null = ''
  while (after !== null) {
    after = heads.add(headsAfter(db, after, limit))
    if (after !== null) await new Promise((resolve) => setTimeout(resolve))
  }
  return heads.digest(limit)
}
