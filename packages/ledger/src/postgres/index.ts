export { openPostgresArchive } from './archive.ts'
export { openPostgresLedger } from './open-postgres-ledger.ts'
