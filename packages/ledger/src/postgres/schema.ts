import type { Migration } from '../sql/migrate.ts'

/**
 * The tables of `../sql/schema.ts`, said in Postgres. Steps are only ever added: what is released is never edited. Texts
 * are compared by their bytes, as on every engine.
 *
 * - `aggregates.writer` names the commit that made the version: whoever lost the connection while committing finds out.
 * - `log` is the end of the log, and what commits with events take turns by. They hold it until they are done, so that
 *   events become visible in the order of their positions, and nobody who reads on from one can miss an earlier.
 * - `task_fences` only grows, and gives nothing out twice.
 */
export const POSTGRES_SCHEMA: readonly Migration[] = [
  [
    `CREATE TABLE aggregates (
      kind TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      version BIGINT NOT NULL,
      state TEXT,
      labels TEXT NOT NULL,
      writer TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    )`,
    `CREATE INDEX aggregates_live ON aggregates (kind, id) WHERE state IS NOT NULL`,
    `CREATE TABLE labels (
      kind TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      value TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      PRIMARY KEY (kind, name, value, id)
    )`,
    `CREATE TABLE events (
      position BIGINT PRIMARY KEY,
      id TEXT COLLATE "C" NOT NULL UNIQUE,
      subject TEXT COLLATE "C" NOT NULL,
      sequence BIGINT NOT NULL,
      connection TEXT COLLATE "C",
      type TEXT COLLATE "C" NOT NULL,
      at BIGINT NOT NULL,
      latest_at BIGINT NOT NULL,
      actor_kind TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      data TEXT NOT NULL,
      hash TEXT NOT NULL,
      previous_hash TEXT,
      UNIQUE (subject, sequence)
    )`,
    `CREATE INDEX events_by_type ON events (type, position, at)`,
    `CREATE INDEX events_by_connection ON events (connection, position, type, at)`,
    `CREATE INDEX events_by_time ON events (latest_at, position)`,
    `CREATE TABLE log (
      name TEXT PRIMARY KEY,
      position BIGINT NOT NULL,
      latest_at BIGINT NOT NULL
    )`,
    `INSERT INTO log (name, position, latest_at) VALUES ('end', 0, -9007199254740991)`,
    `CREATE TABLE tasks (
      kind TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      due BIGINT NOT NULL,
      data TEXT NOT NULL,
      fence BIGINT NOT NULL,
      ready_at BIGINT NOT NULL,
      attempts BIGINT NOT NULL,
      follows BIGINT,
      PRIMARY KEY (kind, id, name)
    )`,
    `CREATE INDEX tasks_by_readiness ON tasks (ready_at)`,
    `CREATE INDEX tasks_by_position ON tasks (follows) WHERE follows IS NOT NULL`,
    `CREATE SEQUENCE task_fences`,
    `CREATE TABLE receipts (
      partition TEXT COLLATE "C" NOT NULL,
      id TEXT COLLATE "C" NOT NULL,
      digest TEXT NOT NULL,
      holder TEXT NOT NULL,
      lease_until BIGINT NOT NULL,
      response TEXT,
      expires_at BIGINT NOT NULL,
      PRIMARY KEY (partition, id)
    )`,
    `CREATE INDEX receipts_by_expiry ON receipts (expires_at)`,
  ],
]

/** Every table above; where one is there without our mark, it is somebody else's. */
export const TABLES = ['aggregates', 'labels', 'events', 'log', 'tasks', 'receipts'] as const
