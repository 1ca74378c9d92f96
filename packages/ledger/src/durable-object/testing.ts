import type { AggregateKey, Ledger, Partition, TaskQueue } from '@latchkey/core'
import { partitionOf } from '@latchkey/core'
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { SqlRow, SqlValue } from '../sql/database.ts'
import { durableObjectLedger } from './durable-object-ledger.ts'
import type { LedgerStub } from './protocol.ts'

/** The object of the test worker, as it is seen from inside. */
export interface TestObject {
  work: (queue: TaskQueue, ledger: Ledger) => Promise<void>
  alarm(): Promise<void>
  readonly reports: readonly unknown[]
}

type TestStub = LedgerStub & TaskQueue

// The test worker's configuration says what is bound; nothing at run time can.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const namespace = env['LEDGER'] as { getByName(name: string): TestStub }

export function stubOf(partition: Partition): TestStub {
  return namespace.getByName(partition)
}

/** The due work of the partition that an aggregate lives in, over RPC. */
export function queueOf(key: AggregateKey): TaskQueue {
  return stubOf(partitionOf(key))
}

export function openLedger(): Ledger {
  return durableObjectLedger(namespace, {
    clock: { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    random: { fraction: Math.random },
  })
}

/** Runs a statement on a partition's storage, past the object. */
export function execute(
  partition: Partition,
  sql: string,
  ...values: SqlValue[]
): Promise<SqlRow[]> {
  return runInDurableObject(stubOf(partition), (_, { storage }) =>
    storage.sql.exec(sql, ...values).toArray(),
  )
}

export function alarmOf(partition: Partition): Promise<number | null> {
  return runInDurableObject(stubOf(partition), (_, { storage }) => storage.getAlarm())
}

/** Loses the alarm, as the platform should not. */
export function loseAlarm(partition: Partition): Promise<void> {
  return runInDurableObject(stubOf(partition), (_, { storage }) => storage.deleteAlarm())
}

/** Reaches into the object itself. */
export function inside<T>(
  partition: Partition,
  look: (object: TestObject) => T,
): Promise<Awaited<T>> {
  // The test worker has one class, and this is its shape.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return runInDurableObject(stubOf(partition), (instance) => look(instance as TestObject))
}
