import { SeenVersions } from '@latchkey/ledger/durable-object'

/** Of this isolate: what its requests read, and what its objects commit. */
export const seenVersions = new SeenVersions()
