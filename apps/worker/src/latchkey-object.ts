import { type Clock, type Services, taskHandlers, type TaskQueue } from '@latchkey/core'
import { LedgerObject } from '@latchkey/ledger/durable-object'
import { systemClock, systemRandom } from '@latchkey/platform'
import { drain } from './drain.ts'
import type { Env } from './env.ts'
import { seenVersions } from './isolate.ts'
import { reportTo } from './report.ts'
import { createServices } from './services.ts'

/** One partition of the ledger, with the work that is due in it. */
export class LatchkeyObject extends LedgerObject<Env> {
  readonly #env: Env
  #services: Services | undefined

  constructor(ctx: ConstructorParameters<typeof LedgerObject<Env>>[0], env: Env) {
    super(ctx, env, {
      namespace: env.LEDGER,
      clock: systemClock,
      random: systemRandom,
      report: reportTo('object'),
      versions: seenVersions,
    })
    this.#env = env
  }

  /** The clock that tells what is due. */
  protected clock(): Clock {
    return systemClock
  }

  protected override async onDue(queue: TaskQueue): Promise<void> {
    this.#services ??= await createServices(this.#env, this.ledger, this.clock())
    await drain(this.#services, queue, taskHandlers)
  }
}
