import type { Migration } from './migrate.ts'

/**
 * The tables of every engine. Steps are only ever added: what is released is never edited.
 *
 * - `aggregates.state` null: a tombstone, or a subject that has only had events or tasks.
 * - `aggregates.labels` is what the rows of `labels` were made from.
 * - `events.position` is the order of arrival; `latest_at` the latest `at` up to there, so that it only
 *   grows though clocks jump, and finds where to start for a point in time.
 * - `tasks.ready_at` is when a task may be claimed: its `due`, or the end of its lease.
 * - `tasks.follows` is the position after which an event makes it due sooner; null in a task that is leased.
 */
export const LEDGER_SCHEMA: readonly Migration[] = [
  [
    `CREATE TABLE aggregates (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      version INTEGER NOT NULL,
      state TEXT,
      labels TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    ) STRICT`,
    `CREATE INDEX aggregates_live ON aggregates (kind, id) WHERE state IS NOT NULL`,
    `CREATE TABLE labels (
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      id TEXT NOT NULL,
      PRIMARY KEY (kind, name, value, id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE events (
      position INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      subject TEXT NOT NULL,
      sequence INTEGER NOT NULL,
      connection TEXT,
      type TEXT NOT NULL,
      at INTEGER NOT NULL,
      latest_at INTEGER NOT NULL,
      actor_kind TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      data TEXT NOT NULL,
      hash TEXT NOT NULL,
      previous_hash TEXT,
      UNIQUE (subject, sequence)
    ) STRICT`,
    `CREATE INDEX events_by_type ON events (type, position)`,
    `CREATE INDEX events_by_connection ON events (connection, position, type)`,
    `CREATE INDEX events_by_time ON events (latest_at, position)`,
    `CREATE TABLE tasks (
      kind TEXT NOT NULL,
      id TEXT NOT NULL,
      name TEXT NOT NULL,
      due INTEGER NOT NULL,
      data TEXT NOT NULL,
      fence INTEGER NOT NULL,
      ready_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      PRIMARY KEY (kind, id, name)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX tasks_by_readiness ON tasks (ready_at)`,
    `CREATE TABLE receipts (
      partition TEXT NOT NULL,
      id TEXT NOT NULL,
      digest TEXT NOT NULL,
      holder TEXT NOT NULL,
      lease_until INTEGER NOT NULL,
      response TEXT,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (partition, id)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX receipts_by_expiry ON receipts (expires_at)`,
    `CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
    `INSERT INTO counters (name, value) VALUES ('fence', 0)`,
  ],
  [
    `ALTER TABLE tasks ADD COLUMN follows INTEGER`,
    `CREATE INDEX tasks_by_position ON tasks (follows) WHERE follows IS NOT NULL`,
  ],
]
