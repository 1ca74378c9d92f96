/// <reference types="@latchkey/ledger/cloudflare" />
import type { Ledger, TaskQueue } from '@latchkey/core'
import { type LedgerNamespace, LedgerObject } from '@latchkey/ledger/durable-object'
import { systemClock, systemRandom } from '@latchkey/platform'

interface Env {
  readonly FLEET_LEDGER: LedgerNamespace
}

/** Does what is due in the object of that name. */
export type FleetWork = (queue: TaskQueue, ledger: Ledger, name: string) => Promise<void>

/** What the objects of a fleet do, set by a test for those as well that begin again; and who is told what they failed of. */
export const fleetWork: { do: FleetWork; report: (error: unknown) => void } = {
  do: async () => undefined,
  report: () => undefined,
}

/** The ledger's object, of which a test says what is done. */
export class FleetObject extends LedgerObject<Env> {
  constructor(ctx: ConstructorParameters<typeof LedgerObject<Env>>[0], env: Env) {
    super(ctx, env, {
      namespace: env.FLEET_LEDGER,
      clock: systemClock,
      random: systemRandom,
      report: (error) => fleetWork.report(error),
    })
  }

  protected override onDue(queue: TaskQueue): Promise<void> {
    return fleetWork.do(queue, this.ledger, this.ctx.id.name ?? '')
  }
}
