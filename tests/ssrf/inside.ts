import { createApp, apiSettings } from '@latchkey/api'
import type { ConnectionState } from '@latchkey/core'
import { type Composition, compose } from '@latchkey/deno/compose'
import { createHostPolicy, createUpstream } from '@latchkey/http'
import { createSocketTransport } from '@latchkey/http/socket'
import { jsonLogger } from '@latchkey/platform'
import { call, type CallOptions, type Sent } from '../api/harness/client.ts'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { OffsetClock } from '../api/harness/offset-clock.ts'

/** The program over the data of another one, whose settings may differ. */
export interface Successor extends Composition {
  readonly clock: OffsetClock
  call(method: string, path: string, options?: CallOptions): Promise<Sent>
  request(path: string, init?: RequestInit): Promise<Response>
  readonly adminToken: string
}

export interface SuccessorOptions {
  readonly allowPrivate: string
  readonly env?: Readonly<Record<string, string>>
  /** In place of the system's resolver. */
  readonly resolve?: (name: string) => Promise<readonly string[]>
}

export async function openSuccessor(
  folder: string,
  { allowPrivate, env = {}, resolve }: SuccessorOptions,
): Promise<Successor> {
  const settings = {
    ...HARNESS_ENV,
    LATCHKEY_DATA: folder,
    LATCHKEY_ALLOW_PRIVATE_HOSTS: allowPrivate,
    ...env,
  }
  const clock = new OffsetClock()
  const logger = jsonLogger(clock, () => undefined)
  const composition = await compose(settings, { version: 'test', logger, clock })
  const { services } = composition
  const app = resolve === undefined ? composition.app : await appResolving(resolve)
  const request = async (path: string, init?: RequestInit) =>
    app.request(`http://latchkey.test${path}`, init)
  const { LATCHKEY_ADMIN_TOKEN: adminToken } = HARNESS_ENV
  return {
    ...composition,
    clock,
    request,
    adminToken,
    call: (method, path, options) => call({ request, adminToken }, method, path, options),
  }

  /** The same program, but for who says where a name leads. */
  async function appResolving(given: NonNullable<SuccessorOptions['resolve']>) {
    const policy = createHostPolicy({ allowPrivate, upstreamHosts: '' })
    const transport = createSocketTransport({ policy, resolve: given })
    const { random } = services
    return createApp({
      services: {
        ...services,
        upstream: createUpstream({ transport, policy, clock, random }),
      },
      settings: apiSettings(settings, 'test'),
      defer: (work) => void work,
    })
  }
}

/** Moves a connection to a base URL that no check has seen, as a slip in our own code would. */
export async function moveUnchecked(
  { services }: Composition,
  id: string,
  baseUrl: string,
): Promise<void> {
  await services.ledger.mutate<ConnectionState, null>({ kind: 'connection', id }, (state) => {
    if (state === null) throw new Error('Cannot move: no such connection')
    const { pod: _, ...config } = state.config
    return { result: null, next: { ...state, config: { ...config, baseUrl } }, labels: {} }
  })
}
