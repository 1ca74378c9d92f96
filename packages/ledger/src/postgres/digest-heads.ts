import type { HeadsDigest } from '@latchkey/core'
import { integer } from '../sql/columns.ts'
import type { SqlRow } from '../sql/database.ts'
import { digestOfHeads, SUBJECTS_PER_PAGE } from '../sql/heads.ts'
import { persist } from './persist.ts'
import type { PgQueries } from './pool.ts'

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
  const heads = digestOfHeads()
  let after: string | null = ''
  while (after !== null) {
    const from: string = after
    after = heads.add(await persist(() => headsAfter(db, from, limit)))
  }
  return heads.digest(limit)
}
