export { openSqliteArchive } from './archive.ts'
export { openSqliteLedger } from './open-sqlite-ledger.ts'
