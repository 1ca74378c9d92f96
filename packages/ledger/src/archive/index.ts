export { exportLedger, importLedger } from './archive.ts'
export type { ArchiveDatabase } from './database.ts'
