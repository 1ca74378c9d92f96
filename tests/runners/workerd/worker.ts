/// <reference types="@latchkey/ledger/cloudflare" />
import type { Ledger, TaskQueue } from '@latchkey/core'
import { type LedgerNamespace, LedgerObject } from '@latchkey/ledger/durable-object'

interface Env {
  readonly LEDGER: LedgerNamespace
}

/** The ledger's object with a hook for tests: what it does about due tasks is theirs to set. */
export class TestLedger extends LedgerObject<Env> {
  work: (queue: TaskQueue, ledger: Ledger) => Promise<void> = async () => undefined
  readonly reports: unknown[]

  constructor(ctx: ConstructorParameters<typeof LedgerObject<Env>>[0], env: Env) {
    const reports: unknown[] = []
    super(ctx, env, {
      namespace: env.LEDGER,
      clock: { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
      random: { fraction: Math.random },
      report: (error) => void reports.push(error),
    })
    this.reports = reports
  }

  protected override onDue(queue: TaskQueue): Promise<void> {
    return this.work(queue, this.ledger)
  }
}

export { ApiObject } from './api-object.ts'
export { FleetObject } from './fleet-object.ts'

export default { fetch: () => new Response('tests') }
