import {
  type Dialect,
  type DialectCall,
  type DialectOperation,
  type DialectRequest,
  type DialectResponse,
  type Exchange,
  isFault,
  type Provider,
  type ProviderConnection,
  type UpstreamResponse,
} from '@latchkey/core'
import type { ProviderFixtures } from '../shared/fixture.ts'
import { answer, bind, SESSION } from './bind.ts'
import { dialectRequest } from './dialect-request.ts'

/** A provider as both ends of a wire: its client, and the dialect that stands in for its upstream. */
export interface DialectWorld {
  readonly provider: Provider
  readonly dialect: Dialect
  readonly connection: ProviderConnection
  readonly fixtures: ProviderFixtures
}

export function dialectWorld(
  provider: Provider,
  dialect: Dialect,
  fixtures: ProviderFixtures,
): DialectWorld {
  return { provider, dialect, connection: bind(provider, fixtures), fixtures }
}

/** What a client's exchange sends, as the dialect gets it. */
export async function sentBy<Input>(
  exchange: Exchange<Input, unknown>,
  input: Input,
): Promise<DialectRequest> {
  return dialectRequest(await exchange.request(input, SESSION))
}

/** Whether the dialect takes a request in at all, though it may have its secret nowhere but in its body. */
export async function isTakenIn({ dialect }: DialectWorld, request: DialectRequest) {
  const head = { ...request, body: new Uint8Array() }
  return (await dialect.secretOf(head)) !== null || dialect.readsWithoutSecret?.(head) === true
}

export type CallOf<Name extends DialectOperation> = Extract<
  DialectCall,
  { readonly operation: Name }
>

/** What the dialect takes a request for. @throws Error where it is not the operation */
export async function readAs<Name extends DialectOperation>(
  { dialect }: DialectWorld,
  request: DialectRequest,
  name: Name,
): Promise<CallOf<Name>> {
  const call = await dialect.read(request)
  if (isCallOf(call, name)) return call
  throw new Error(`Cannot test ${name}: it was read as ${call.operation ?? call.session}`)
}

/** What the client gets back: a fault that an answer turns out to be is worded like all others. */
export function receivedFrom(
  { dialect }: DialectWorld,
  request: DialectRequest,
  word: () => DialectResponse,
): UpstreamResponse {
  try {
    return received(word())
  } catch (error) {
    if (isFault(error)) return received(dialect.refuse(error, request))
    throw error
  }
}

export function received({ status, headers, body }: DialectResponse): UpstreamResponse {
  return answer(status, body ?? '', headers)
}

function isCallOf<Name extends DialectOperation>(
  call: DialectCall,
  name: Name,
): call is CallOf<Name> {
  return call.operation === name
}
