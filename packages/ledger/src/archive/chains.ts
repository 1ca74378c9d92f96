import { type ChainHead, Fault } from '@latchkey/core'
import { continuesChain } from '../event-hash.ts'
import { integer, text } from '../sql/columns.ts'
import { decodeEvents, type StoredEvent } from '../sql/events.ts'
import type { ArchiveRows } from './database.ts'

/** The heads of those subjects' chains as far as they are stored. */
async function headsOf(
  db: ArchiveRows,
  subjects: readonly string[],
): Promise<Map<string, ChainHead>> {
  const rows = await db.all(
    `SELECT subject, sequence, hash FROM events e
     WHERE subject IN (${subjects.map(() => '?').join(', ')})
       AND sequence = (SELECT max(sequence) FROM events WHERE subject = e.subject)`,
    ...subjects,
  )
  return new Map(
    rows.map((row) => {
      const subject = text(row, 'subject')
      return [subject, { subject, sequence: integer(row, 'sequence'), hash: text(row, 'hash') }]
    }),
  )
}

/** @throws Fault invalid_request where one of the next events does not follow from what is stored before it */
export async function requireChains(
  db: ArchiveRows,
  stored: readonly StoredEvent[],
): Promise<void> {
  if (stored.length === 0) return
  const heads = await headsOf(db, [...new Set(stored.map(({ subject }) => subject))])
  for (const event of decodeEvents({ items: stored, nextCursor: null }).items) {
    const { subject, sequence, hash } = event
    if (!continuesChain(heads.get(subject) ?? null, event)) {
      throw new Fault(
        'invalid_request',
        `Cannot import: event ${sequence} of ${subject} was changed, or one before it is missing`,
      )
    }
    heads.set(subject, { subject, sequence, hash })
  }
}
