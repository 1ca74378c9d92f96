import { LatchkeyObject } from '@latchkey/worker/object'
import type { Env } from '@latchkey/worker/env'
// Vitest fetches a module that is asked for late through whoever asked first, and another object may not wait for that;
// in a Worker that is bundled the modules are there.
import '@latchkey/core/certificates'
import '@latchkey/core/deliveries'
import '@latchkey/core/keyring'
import '@latchkey/core/late-tasks'
import '@latchkey/core/notices'
import '@latchkey/core/rotation'
import '@latchkey/core/sweep'
import '@latchkey/core/triggers'
import '@latchkey/crypto/private-key'
import '@latchkey/crypto/signer'
import '@latchkey/http/courier'
import '@latchkey/x509'
import { providers } from '@latchkey/providers'
import { OffsetClock } from '../../api/harness/offset-clock.ts'

await Promise.all([...providers.values()].map(({ load }) => load()))

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
