export { openSqliteLedger } from './open-sqlite-ledger.ts'
