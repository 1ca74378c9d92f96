export { openPostgresLedger } from './open-postgres-ledger.ts'
