import {
  type Exchange,
  isFault,
  type OperationName,
  type OperationShapes,
  type ProviderConnection,
  type Session,
  type SessionProtocol,
  type Upstream,
} from '@latchkey/core'
import { createHostPolicy, createUpstream } from '@latchkey/http'
import { createSocketTransport } from '@latchkey/http/socket'
import { systemClock, systemRandom } from '@latchkey/platform'
import { providers } from '@latchkey/providers'

/** Calls a provider's upstream over real HTTP, with nothing of the core between. */
export interface ProviderCaller {
  readonly session: SessionProtocol
  open(): Promise<Session>
  renew(session: Session): Promise<Session>
  close(session: Session): Promise<void>
  /** Performs an operation within a session. */
  call<Name extends OperationName>(
    session: Session,
    name: Name,
    input: OperationShapes[Name]['input'],
  ): Promise<OperationShapes[Name]['output']>
}

interface Draft {
  readonly config: Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, string>>
}

/** Binds a provider that has sessions. @throws Error where there is none */
export async function createProviderCaller(id: string, draft: Draft): Promise<ProviderCaller> {
  const upstream = loopbackUpstream()
  const { origin, session, operations } = await bind(id, draft)
  if (session === undefined) throw new Error(`Cannot call ${id}: it has no sessions`)
  const lane = { key: 'test', limit: 1 }
  const perform = async <Input, Output>(
    exchange: Exchange<Input, Output> | undefined,
    input: Input,
    secret: string | null,
  ): Promise<Output> => {
    if (exchange === undefined) throw new Error(`Cannot call ${id}: it does not offer that`)
    return (await upstream.perform({ origin, exchange, input, session: secret, lane })).value
  }
  return {
    session,
    open: () => perform(session.open, {}, null),
    renew: ({ renewal = '' }) => perform(session.renew, { renewal }, null),
    close: async ({ secret }) => void (await perform(session.close, {}, secret)),
    call: <Name extends OperationName>(
      { secret }: Session,
      name: Name,
      input: OperationShapes[Name]['input'],
    ) => {
      const exchange: Exchange<typeof input, OperationShapes[Name]['output']> | undefined =
        operations[name]
      return perform(exchange, input, secret)
    },
  }
}

/** The code of a call's fault, the vendor's own code, and whether it may have been done. */
export async function refusalOf(call: Promise<unknown>): Promise<readonly unknown[]> {
  try {
    await call
  } catch (error) {
    if (isFault(error)) return [error.code, error.upstream?.code, error.effect]
    throw error
  }
  throw new Error('Cannot tell refusal: the call succeeded')
}

function loopbackUpstream(): Upstream {
  const policy = createHostPolicy({ allowPrivate: '127.0.0.1/32', upstreamHosts: '' })
  const transport = createSocketTransport({ policy })
  return createUpstream({ transport, policy, clock: systemClock, random: systemRandom })
}

async function bind(id: string, { config, credentials }: Draft): Promise<ProviderConnection> {
  const provider = await providers.get(id)?.load()
  if (provider === undefined) throw new Error(`Cannot call ${id}: there is no such provider`)
  return provider.connect(provider.config.parse(config), provider.credentials.parse(credentials))
}
