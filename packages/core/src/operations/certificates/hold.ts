import { type OpenConnection, readConnection } from '../../connection/open.ts'
import { EMPTY_INVENTORY, inventoryKey, type InventoryState } from '../../certificate/inventory.ts'
import { Fault } from '../../fault/fault.ts'
import { type Instant, isAhead, SECOND } from '../../instant.ts'
import type { OperationName, OperationShapes } from '../../provider/operations.ts'
import type { Services } from '../../services.ts'
import { callUpstream } from '../call-upstream.ts'

/** Longer than one call with its login can take (25 s each, and a wait for somebody else's login). */
const LEASE_MS = 80 * SECOND
const WAIT_STEP_MS = 100
const WAIT_MAX_MS = 45 * SECOND

/** The right to change a connection's certificates, held by one at a time. */
export interface Hold {
  readonly services: Services
  readonly connection: OpenConnection
  readonly fence: number
}

/**
 * Does something to a connection's certificates while nobody else does. Who died holding it is succeeded after the
 * lease.
 * @throws Fault conflict where somebody else takes too long
 */
export async function holdInventory<R>(
  services: Services,
  connection: OpenConnection,
  work: (hold: Hold) => Promise<R>,
): Promise<R> {
  for (let waited = 0; ; waited += WAIT_STEP_MS) {
    const attempt = await tryHold(services, connection, work)
    if (attempt.held) return attempt.result
    if (waited >= WAIT_MAX_MS) {
      throw new Fault(
        'conflict',
        'Cannot change certificates: another change to those of this connection takes too long',
        { retryable: true, retryAfterMs: Math.max(1, attempt.until - services.clock.now()) },
      )
    }
    await services.clock.sleep(WAIT_STEP_MS)
  }
}

/** Read once the hold is taken: a deletion that comes later takes the hold away. @throws Fault not_found, conflict */
async function requireOpen(services: Services, id: string): Promise<void> {
  const { closing } = await readConnection(services, id)
  if (!closing) return
  throw new Fault('conflict', `Cannot change certificates: connection "${id}" is being deleted`)
}

export type Attempt<R> =
  | { readonly held: true; readonly result: R }
  | { readonly held: false; readonly until: Instant }

/** The same, unless somebody else is at it now. */
export async function tryHold<R>(
  services: Services,
  connection: OpenConnection,
  work: (hold: Hold) => Promise<R>,
): Promise<Attempt<R>> {
  const { id } = connection.state
  const taken = await mutateInventory<{ fence: number } | { until: Instant }>(
    services,
    id,
    (state) => {
      const { lease } = state
      const now = services.clock.now()
      if (lease !== null && isAhead(lease.until, now, LEASE_MS)) {
        return { result: { until: lease.until } }
      }
      const fence = state.fence + 1
      const next = { ...state, fence, lease: { fence, until: now + LEASE_MS } }
      return { result: { fence }, next }
    },
  )
  if ('until' in taken) return { held: false, until: taken.until }
  const hold = { services, connection, fence: taken.fence }
  try {
    await requireOpen(services, id)
    return { held: true, result: await work(hold) }
  } finally {
    await mutateInventory(services, id, (state) =>
      state.lease?.fence === hold.fence
        ? { result: null, next: { ...state, lease: null } }
        : { result: null },
    )
  }
}

export interface HeldCall {
  /** What this call carries beside the credentials, which nobody else may learn from its answer. */
  readonly secrets?: readonly string[]
  /** No call begins that could end after this. */
  readonly until?: Instant
}

/**
 * Calls the upstream, the hold made to last for it: a process that was suspended meanwhile calls no more.
 * @throws Fault upstream_*, conflict where the hold was lost
 */
export async function callHeld<Name extends OperationName>(
  hold: Hold,
  name: Name,
  input: OperationShapes[Name]['input'],
  { secrets = [], until = Infinity }: HeldCall = {},
): Promise<OperationShapes[Name]['output']> {
  const { services, connection } = hold
  const leaseUntil = await changeInventory(hold, (state) => state)
  const ended = Math.min(until, leaseUntil)
  const { value } = await callUpstream(services, connection, name, input, secrets, ended)
  return value
}

/**
 * Changes which certificates there are, and makes the hold last. Answers until when.
 * @throws Fault conflict where it was lost
 */
export async function changeInventory(
  { services, connection, fence }: Hold,
  change: (state: InventoryState) => InventoryState,
): Promise<Instant> {
  const until = services.clock.now() + LEASE_MS
  return mutateInventory(services, connection.state.id, (state) => {
    if (state.lease?.fence !== fence) {
      throw new Fault('conflict', 'Cannot go on: another change to these certificates took over', {
        retryable: true,
      })
    }
    return { result: until, next: { ...change(state), lease: { fence, until } } }
  })
}

export async function readInventory(
  services: Services,
  connectionId: string,
): Promise<InventoryState> {
  const snapshot = await services.ledger.read<InventoryState>(inventoryKey(connectionId))
  return snapshot?.state ?? EMPTY_INVENTORY
}

function mutateInventory<R>(
  services: Services,
  connectionId: string,
  decide: (state: InventoryState) => { readonly result: R; readonly next?: InventoryState },
): Promise<R> {
  return services.ledger.mutate<InventoryState, R>(inventoryKey(connectionId), (state) => ({
    labels: {},
    ...decide(state ?? EMPTY_INVENTORY),
  }))
}
