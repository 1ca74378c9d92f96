import { createHash } from 'node:crypto'
import type { HeadsDigest } from '@latchkey/core'
import { integer, text } from '../sql/columns.ts'
import type { SqlRow } from '../sql/database.ts'
import { persist } from './persist.ts'
import type { PgQueries } from './pool.ts'

const SUBJECTS_PER_PAGE = 1000

async function lastPosition(db: PgQueries): Promise<number> {
  const [row] = await db.all(`SELECT position FROM log WHERE name = 'end'`)
  return row === undefined ? 0 : integer(row, 'position')
}

/** The next subjects after `after`, each with its newest event up to `upTo`; steps over all others. */
function headsAfter(db: PgQueries, after: string, upTo: number): Promise<readonly SqlRow[]> {
  return db.all(
    `WITH RECURSIVE subjects (subject, place) AS (
       SELECT (SELECT min(subject) FROM events WHERE subject > $1), 1
       UNION ALL
       SELECT (SELECT min(subject) FROM events WHERE subject > subjects.subject), place + 1
       FROM subjects WHERE subjects.subject IS NOT NULL AND place < $2
     )
     SELECT subjects.subject, head.sequence, head.hash
     FROM subjects LEFT JOIN LATERAL (
       SELECT sequence, hash FROM events
       WHERE subject = subjects.subject AND position <= $3 ORDER BY sequence DESC LIMIT 1
     ) head ON TRUE
     WHERE subjects.subject IS NOT NULL ORDER BY subjects.place`,
    after,
    SUBJECTS_PER_PAGE,
    upTo,
  )
}

/** One digest over every subject's newest event, as the port describes it. */
export async function digestHeads(db: PgQueries, upTo: number | null): Promise<HeadsDigest> {
  const limit = upTo ?? (await persist(() => lastPosition(db)))
  const digest = createHash('sha256')
  let subjects = 0
  let after: string | null = ''
  while (after !== null) {
    const from: string = after
    const rows = await persist(() => headsAfter(db, from, limit))
    for (const row of rows) {
      // A subject of which nothing had arrived by then.
      if (row['sequence'] === null) continue
      digest.update(`${text(row, 'subject')} ${integer(row, 'sequence')} ${text(row, 'hash')}\n`)
      subjects += 1
    }
    const last: SqlRow | undefined = rows.at(-1)
    after = last === undefined || rows.length < SUBJECTS_PER_PAGE ? null : text(last, 'subject')
  }
  return { upTo: limit, subjects, digest: digest.digest('hex') }
}
