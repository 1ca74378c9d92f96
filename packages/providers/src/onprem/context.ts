import { Fault } from '@latchkey/core'
import type { Call } from '../shared/verdict.ts'
import type { OnpremCredentials } from './schema.ts'

/** What every call needs of its connection. */
export interface Context {
  readonly authorize: (session: string | null) => { readonly Authorization: string }
  readonly call: (action: string, writes?: 'writes') => Call
}

export function contextOf(credentials: OnpremCredentials): Context {
  const secrets = Object.values(credentials).filter((secret) => secret !== undefined)
  return {
    authorize(session) {
      const token = credentials.token ?? session
      if (token === null) throw new Fault('internal', 'Cannot call upstream: no session is open')
      return { Authorization: `Bearer ${token}` }
    },
    call: (action, writes) => ({ action, writes: writes === 'writes', secrets }),
  }
}
