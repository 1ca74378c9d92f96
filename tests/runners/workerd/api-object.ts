import { LatchkeyObject } from '@latchkey/worker/object'
import type { Env } from '@latchkey/worker/env'
// Vitest hands an object no module that it asks for late; as a Worker is bundled, it gets them.
import '@latchkey/x509'
import { OffsetClock } from '../../api/harness/offset-clock.ts'

/** The clock of the API under test and of its objects, which share this isolate. */
export const apiClock = new OffsetClock()

/** The Worker's object, in time that tests move. */
export class ApiObject extends LatchkeyObject {
  constructor(
    ctx: ConstructorParameters<typeof LatchkeyObject>[0],
    env: Env & { readonly API_LEDGER: Env['LEDGER'] },
  ) {
    super(ctx, { ...env, LEDGER: env.API_LEDGER })
  }

  protected override clock(): OffsetClock {
    return apiClock
  }
}
