import * as z from 'zod'
import type { ConnectionState } from '../../connection/state.ts'
import { Fault, type FieldError } from '../../fault/fault.ts'
import { fieldErrors } from '../../fault/field-errors.ts'
import type { JsonObject } from '../../ledger/ledger.ts'
import type { Services } from '../../services.ts'

export interface ConnectionDraft {
  readonly provider: string
  readonly name: string
  readonly config: unknown
  readonly credentials: unknown
}

export interface ParsedConnection {
  readonly config: JsonObject
  readonly credentials: JsonObject
}

const jsonObject = z.record(z.string(), z.json())
const anyObject = z.record(z.string(), z.unknown())

/**
 * Parses a connection's two halves by the provider's own schemas, and its host by the host policy.
 * @throws Fault invalid_request with a pointer for each field that is wrong
 */
export async function parseConnection(
  services: Services,
  draft: ConnectionDraft,
): Promise<ParsedConnection> {
  const provider = services.providers.get(draft.provider)
  if (provider === undefined) {
    const ids = [...services.providers.keys()].map((id) => `"${id}"`).join(', ')
    throw invalid([{ pointer: '/provider', message: `Must be one of ${ids}` }])
  }
  const loaded = await provider.load()
  const config = loaded.config.safeParse(draft.config ?? {})
  const credentials = loaded.credentials.safeParse(draft.credentials ?? {})
  const errors = [
    ...(config.success ? [] : fieldErrors(config.error, '/config')),
    ...(credentials.success ? [] : fieldErrors(credentials.error, '/credentials')),
  ]
  if (!config.success || !credentials.success) throw invalid(errors)
  const { origin } = loaded.connect(config.data, credentials.data)
  const { tls, ...host } = origin
  const atHost = 'baseUrl' in config.data ? '/config/baseUrl' : '/config'
  admitOr(atHost, () => services.upstream.admit(host))
  // The host alone was admitted: what is refused now is how it is to be trusted.
  if (tls !== undefined) admitOr('/config/tls', () => services.upstream.admit(origin))
  return {
    config: jsonObject.parse(withoutUndefined(config.data)),
    credentials: jsonObject.parse(withoutUndefined(credentials.data)),
  }
}

/** @throws Fault invalid_request with the pointer, where it is refused */
function admitOr(pointer: string, admit: () => void): void {
  try {
    admit()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new Fault('invalid_request', error.message, {
      errors: [{ pointer, message: error.message }],
    })
  }
}

/** What a PATCH makes of a connection: fields left out stay, null removes one. */
export function mergeConnection(
  services: Services,
  merge: {
    readonly before: ConnectionState
    readonly opened: unknown
    readonly patch: Partial<Omit<ConnectionDraft, 'provider'>>
  },
): Promise<ParsedConnection> {
  const { before, opened, patch } = merge
  return parseConnection(services, {
    provider: before.provider,
    name: patch.name ?? before.name,
    config: overlay(before.config, patch.config),
    credentials: overlay(opened, patch.credentials),
  })
}

function overlay(before: unknown, patch: unknown): Record<string, unknown> {
  const base = anyObject.parse(before)
  if (patch === undefined) return base
  const merged = { ...base, ...anyObject.parse(patch) }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

function withoutUndefined(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data))
}

function invalid(errors: readonly FieldError[]): Fault {
  return new Fault('invalid_request', 'Cannot accept connection: some fields are wrong', { errors })
}
