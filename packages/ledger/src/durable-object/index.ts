export { durableObjectLedger } from './durable-object-ledger.ts'
export { LedgerObject, type ObjectOptions } from './ledger-object.ts'
export type { LedgerNamespace, LedgerStub } from './protocol.ts'
export type { RemoteOptions } from './remote-partition.ts'
