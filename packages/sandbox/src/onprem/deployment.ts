import type { Context } from 'hono'
import type { RequestFields } from '../shared/fields.ts'
import type { Surroundings } from '../shared/emulator.ts'
import type { KeySlot } from '../shared/key-slot.ts'
import type { OnPremMeta } from './errors.ts'
import type { OnPremKnobs } from './knobs.ts'
import type { OnPremSeed, OnPremUser } from './seed.ts'
import type { Session, Sessions } from './sessions.ts'
import type { WebServer } from './web-server.ts'

/** One deployment as its handlers see it. */
export interface Deployment {
  readonly seed: OnPremSeed
  readonly users: Map<string, OnPremUser>
  readonly sessions: Sessions
  readonly slot: KeySlot
  readonly webServer: WebServer
  readonly knobs: { readonly current: Readonly<OnPremKnobs> }
  readonly surroundings: Surroundings
}

export interface OnPremEnv {
  Variables: { session: Session; fields: RequestFields }
}

export type OnPremContext = Context<OnPremEnv>

export function metaOf(deployment: Deployment): OnPremMeta {
  const { clientVersion } = deployment.seed
  const withV = deployment.knobs.current.version === 'with-v'
  return { api_status: 'stable', version: withV ? `v${clientVersion}` : clientVersion }
}
