import type { Instant } from '@latchkey/core'
import { createSlot, type KeySlot } from '../shared/key-slot.ts'
import type { GraphNumber, GraphSeed, GraphToken } from './seed.ts'

export interface GraphNumberState {
  readonly seed: GraphNumber
  readonly wabaId: string
  readonly slot: KeySlot
  /** The two-step verification PIN, once one was set by registering. */
  pin: string | null
  /** When the number was registered or deregistered lately. */
  readonly registrations: Instant[]
}

export interface GraphState {
  readonly app: GraphSeed['app']
  readonly tokens: Map<string, GraphToken>
  readonly wabas: ReadonlyMap<string, { readonly id: string; readonly name: string }>
  readonly numbers: ReadonlyMap<string, GraphNumberState>
  /** By WABA: when it was called in the last hour. */
  readonly calls: Map<string, Instant[]>
}

export function createGraphState(seed: GraphSeed): GraphState {
  const numbers = seed.wabas.flatMap((waba) =>
    waba.numbers.map((number): [string, GraphNumberState] => [
      number.id,
      {
        seed: number,
        wabaId: waba.id,
        slot: createSlot(number.registered, number.key ?? null),
        pin: null,
        registrations: [],
      },
    ]),
  )
  return {
    app: seed.app,
    tokens: new Map(seed.tokens.map((token) => [token.token, token])),
    wabas: new Map(seed.wabas.map(({ id, name }) => [id, { id, name }])),
    numbers: new Map(numbers),
    calls: new Map(),
  }
}
