/**
 * What is kept as a row of its own. Kinds with a connection's partition carry it in their id;
 * all others live in the registry.
 */
export const AGGREGATE_PREFIXES = {
  connection: 'con_',
  session: 'ses_',
  number: 'num_',
  certificate: 'crt_',
  inventory: 'inv_',
  login: 'log_',
  staged: 'stg_',
  reservation: 'res_',
  token: 'tok_',
  key: 'key_',
  lost: 'lst_',
  pool: 'pol_',
  spare: 'spr_',
  rotation: 'rot_',
  stripe: 'str_',
  trigger: 'trg_',
  run: 'run_',
  notice: 'ntc_',
  endpoint: 'whe_',
  delivery: 'dlv_',
  deployment: 'dep_',
} as const

export type AggregateKind = keyof typeof AGGREGATE_PREFIXES

export interface AggregateKey {
  readonly kind: AggregateKind
  readonly id: string
}

/** Where an aggregate lives: the registry, or a connection's own object. */
export type Partition = 'registry' | `con_${string}`

const PARTITION_LENGTH = 16
const inConnection: ReadonlySet<AggregateKind> = new Set([
  'session',
  'number',
  'certificate',
  'inventory',
  'login',
  'staged',
  'stripe',
  'notice',
])

/** The partition an aggregate lives in, read off its id alone. */
export function partitionOf(key: AggregateKey): Partition {
  if (!inConnection.has(key.kind)) return 'registry'
  const start = AGGREGATE_PREFIXES[key.kind].length
  return `con_${key.id.slice(start, start + PARTITION_LENGTH)}`
}

/**
 * What ids of a kind begin with in a connection; null where the kind lives elsewhere, and for a text that is no whole
 * connection id: a part of one would begin the ids of many.
 */
export function idPrefixWithin(kind: AggregateKind, connectionId: string): string | null {
  const { connection } = AGGREGATE_PREFIXES
  const own = connectionId.slice(connection.length)
  if (!connectionId.startsWith(connection) || own.length !== PARTITION_LENGTH) return null
  if (kind === 'connection') return connectionId
  return inConnection.has(kind) ? AGGREGATE_PREFIXES[kind] + own : null
}

/** A connection's own partition; any text is taken, so that an id nobody has is simply not found there. */
export function connectionPartition(connectionId: string): Partition {
  return `con_${connectionId.slice('con_'.length)}`
}

/** The kind that an id's prefix names, or null. */
export function kindOf(id: string): AggregateKind | null {
  for (const [kind, prefix] of Object.entries(AGGREGATE_PREFIXES)) {
    // Object.entries widens the keys of a constant table to string.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (id.startsWith(prefix)) return kind as AggregateKind
  }
  return null
}
