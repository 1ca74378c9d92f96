/** A Worker whose Durable Object does nothing but commit: how fast that is. */
import { DurableObject } from 'cloudflare:workers'

const COMMITS = 500
const ROW = 'x'.repeat(1024)

interface Storage {
  readonly sql: { exec(query: string, ...values: readonly string[]): unknown }
  /** Resolves when all that was written is on the disk. */
  sync(): Promise<void>
}

interface Env {
  readonly RAW: { getByName(name: string): RawObject }
}

export class RawObject extends DurableObject<Env> {
  /** Milliseconds for each commit. Time stands still while a Worker computes, but not while it waits for the disk. */
  async commit(): Promise<number> {
    // The platform has more of a storage than the ledger's types tell.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const storage = this.ctx.storage as unknown as Storage
    storage.sql.exec('CREATE TABLE IF NOT EXISTS raw (id INTEGER PRIMARY KEY, text TEXT)')
    const began = Date.now()
    for (let made = 0; made < COMMITS; made += 1) {
      storage.sql.exec('INSERT INTO raw (text) VALUES (?)', ROW)
      await storage.sync()
    }
    return (Date.now() - began) / COMMITS
  }
}

// What a Worker serves is its default export.
// oxlint-disable-next-line import/no-default-export
export default {
  async fetch(_request: Request, env: Env): Promise<Response> {
    return Response.json(await env.RAW.getByName('registry').commit())
  },
}
