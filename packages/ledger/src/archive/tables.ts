/** What a column holds; those with a question mark may be null. */
type ColumnType = 'text' | 'text?' | 'integer' | 'integer?'

export interface ArchivedTable {
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Columns that tell each row from all others, in the order in which rows are written down. */
  readonly order: readonly string[]
}

/**
 * Everything that is stored and does not follow from the rest, by its columns, which all engines have. Events come in the
 * order of their arrival.
 */
export const ARCHIVED = {
  aggregates: {
    columns: { kind: 'text', id: 'text', version: 'integer', state: 'text?', labels: 'text' },
    order: ['kind', 'id'],
  },
  events: {
    columns: {
      position: 'integer',
      id: 'text',
      subject: 'text',
      sequence: 'integer',
      type: 'text',
      at: 'integer',
      actor_kind: 'text',
      actor_id: 'text',
      data: 'text',
      hash: 'text',
      previous_hash: 'text?',
    },
    order: ['position'],
  },
  tasks: {
    columns: {
      kind: 'text',
      id: 'text',
      name: 'text',
      due: 'integer',
      data: 'text',
      fence: 'integer',
      ready_at: 'integer',
      attempts: 'integer',
      follows: 'integer?',
    },
    order: ['kind', 'id', 'name'],
  },
  receipts: {
    columns: {
      partition: 'text',
      id: 'text',
      digest: 'text',
      holder: 'text',
      lease_until: 'integer',
      response: 'text?',
      expires_at: 'integer',
    },
    order: ['partition', 'id'],
  },
} as const satisfies Record<string, ArchivedTable>

export type TableName = keyof typeof ARCHIVED

export const TABLE_NAMES = [
  'aggregates',
  'events',
  'tasks',
  'receipts',
] as const satisfies readonly TableName[]

export function tableOf(name: TableName): ArchivedTable {
  return ARCHIVED[name]
}

export function isTableName(name: unknown): name is TableName {
  return typeof name === 'string' && Object.hasOwn(ARCHIVED, name)
}

/** Whether a value may stand in such a column. */
export function fits(value: unknown, type: ColumnType): value is string | number | null {
  if (value === null) return type.endsWith('?')
  return type.startsWith('text') ? typeof value === 'string' : Number.isSafeInteger(value)
}
