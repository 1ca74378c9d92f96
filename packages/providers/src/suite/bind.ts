import type {
  Exchange,
  Fault,
  Provider,
  ProviderConnection,
  UpstreamResponse,
} from '@latchkey/core'
import { isFault } from '@latchkey/core'
import type { FixtureOperation, ProviderFixtures } from '../shared/fixture.ts'

/** The operations that change nothing at the upstream. */
export const READS: ReadonlySet<string> = new Set([
  'encryptionKey.read',
  'numbers.list',
  'connection.check',
  'certificate.list',
  'certificate.get',
])

/** When the suite's answers are complete. */
export const AT = Date.UTC(2026, 8, 1)
/** What the provider's session protocol would have opened. */
export const SESSION = 'SESSION_TOKEN'

interface Overrides {
  readonly config?: Readonly<Record<string, unknown>>
  readonly credentials?: Readonly<Record<string, string>>
}

/** A connection of the fixtures, its settings parsed and stored as JSON, as a ledger would. */
export function bind(
  provider: Provider,
  fixtures: ProviderFixtures,
  { config, credentials }: Overrides = {},
): ProviderConnection {
  const parsed = provider.config.parse({ ...fixtures.config, ...config })
  const secrets = provider.credentials.parse({ ...fixtures.credentials, ...credentials })
  return provider.connect(stored(parsed), stored(secrets))
}

function stored(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** @throws Error where the connection does not offer the operation */
export function exchangeOf(
  { operations, session }: ProviderConnection,
  name: FixtureOperation,
): Exchange<unknown, unknown> {
  const sessions: Partial<Record<string, Exchange<unknown, unknown>>> = {
    'session.open': session?.open,
    'session.renew': session?.renew,
    'session.close': session?.close,
  }
  const exchange = sessions[name] ?? Object.entries(operations).find(([key]) => key === name)?.[1]
  if (exchange === undefined) throw new Error(`Cannot test ${name}: it is not offered`)
  return exchange
}

/** Every exchange of a connection, its session's among them, with an input of the fixtures. */
export function exchangesOf(
  connection: ProviderConnection,
  fixtures: ProviderFixtures,
): readonly (readonly [name: string, exchange: Exchange<unknown, unknown>, input: unknown])[] {
  const all: readonly (readonly [string, Exchange<unknown, unknown> | undefined])[] = [
    ...Object.entries(connection.operations),
    ['session.open', connection.session?.open],
    ['session.renew', connection.session?.renew],
    ['session.close', connection.session?.close],
  ]
  return all.flatMap(([name, exchange]) => {
    if (exchange === undefined) return []
    const known = [...fixtures.requests, ...fixtures.answers].find(
      ({ operation, input }) => operation === name && input !== undefined,
    )
    return [[name, exchange, known?.input ?? {}] as const]
  })
}

export function answer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): UpstreamResponse {
  return { status, body, headers: new Headers(headers), at: AT }
}

/** What an exchange makes of an answer: its value or its fault. Anything else thrown is a defect, and passes on. */
export async function outcomeOf(
  exchange: Exchange<unknown, unknown>,
  response: UpstreamResponse,
  input: unknown,
): Promise<{ readonly value: unknown; readonly fault: Fault | null }> {
  try {
    return { value: await exchange.respond(response, input), fault: null }
  } catch (error) {
    if (!isFault(error)) throw error
    return { value: null, fault: error }
  }
}
