/** What this Worker uses of `cloudflare:workers` beside what the ledger declares. */
declare module 'cloudflare:workers' {
  /** Keeps work of the current request alive after its answer. */
  export function waitUntil(work: Promise<unknown>): void
}
