import {
  type AggregateKey,
  completeReceipt,
  DAY,
  Fault,
  MINUTE,
  type Partition,
  type Request as CoreRequest,
  sees,
  type Services,
  type StoredResponse,
} from '@latchkey/core'
import { type Bytes, sha256Hex } from '@latchkey/crypto'
import type { RouteContext } from './context.ts'

/** Longer than a request may run (a publish waits for another, then writes); a holder that died is succeeded after it. */
const IN_FLIGHT_MS = 3 * MINUTE
const KEEP_MS = DAY
const KEY_FORM = /^[\x21-\x7e]{1,255}$/

export interface Effect<Result> {
  /** Where the effect is committed: the receipt is kept beside it. */
  readonly partition: Partition
  /** The body as it was sent, for telling a repeat from a reuse of the key. */
  readonly body: Bytes
  readonly work: (request: CoreRequest<Result>) => Promise<Result>
  /** What is answered; pure, and the same for the first request and its repeats. */
  readonly render: (result: Result) => StoredResponse
  /** Set where the answer shows a secret: what is answered, known beforehand. It is kept sealed. */
  readonly secretAnswer?: StoredResponse
  /** Set where `work` is not one commit that completes the receipt itself. */
  readonly completeOn?: AggregateKey
}

/**
 * Answers a write, once for each Idempotency-Key: a repeat gets the first answer again, as long as it is kept.
 * @throws Fault invalid_request, idempotency_mismatch, conflict while the first is in flight
 */
export async function answerOnce<Result>(
  context: RouteContext<unknown, unknown>,
  effect: Effect<Result>,
): Promise<Response> {
  const { services, principal, request } = context
  const { actor } = principal
  const by = { actor, sees: (id: string) => sees(principal, id) }
  const key = request.headers.get('idempotency-key')
  if (key === null) return toResponse(effect.render(await effect.work(by)))
  if (!KEY_FORM.test(key)) {
    throw new Fault(
      'invalid_request',
      'Cannot use Idempotency-Key: send 1 to 255 visible ASCII characters',
    )
  }
  const { partition } = effect
  // Beside what was never there nothing is kept: anybody can make an id up. `work` says that it is not found.
  if (!(await hasPartition(services, partition))) {
    return toResponse(effect.render(await effect.work(by)))
  }
  const id = await sha256Hex(
    JSON.stringify([actor.kind, actor.id, request.method, new URL(request.url).pathname, key]),
  )
  const claim = await services.ledger.claimReceipt(partition, {
    id,
    digest: await requestDigest(request, effect.body, key),
    now: services.clock.now(),
    leaseMs: IN_FLIGHT_MS,
    keepMs: KEEP_MS,
  })
  switch (claim.outcome) {
    case 'mismatch':
      throw new Fault(
        'idempotency_mismatch',
        'Cannot repeat: this Idempotency-Key was used with another request',
      )
    case 'in_flight':
      throw new Fault('conflict', 'Cannot repeat yet: the first request is still in flight', {
        retryable: true,
        retryAfterMs: 1000,
      })
    case 'replay':
      return replay(services, id, claim.response)
    case 'claimed':
      break
  }
  const { render, secretAnswer } = effect
  try {
    const sealed =
      secretAnswer === undefined ? undefined : await sealBody(services, id, secretAnswer)
    const receipt = {
      id,
      holder: claim.holder,
      render: sealed === undefined ? render : () => sealed,
    }
    const result = await effect.work({ ...by, receipt })
    if (effect.completeOn !== undefined) {
      await completeReceipt(services, effect.completeOn, { actor, receipt }, result)
    }
    return toResponse(render(result))
  } catch (error) {
    // Where even this fails, the claim ends by itself; the caller is told what failed first.
    await services.ledger.releaseReceipt(partition, id, claim.holder).catch(() => undefined)
    throw error
  }
}

/** Whether anything is kept there. What was deleted counts: the answers to its last requests are. */
async function hasPartition({ ledger }: Services, partition: Partition): Promise<boolean> {
  if (partition === 'registry') return true
  return ledger.mutate({ kind: 'connection', id: partition }, (_, version) => ({
    result: version > 0,
  }))
}

const SEALED_HEADER = 'x-latchkey-sealed'

/** Where a sealed answer opens: in its own receipt alone. */
function sealedPlace(receiptId: string): string {
  return `receipt/${receiptId}`
}

async function sealBody(
  services: Services,
  receiptId: string,
  { status, headers, body }: StoredResponse,
): Promise<StoredResponse> {
  return {
    status,
    headers: { ...headers, [SEALED_HEADER]: '1' },
    body: await services.sealer.seal(body, sealedPlace(receiptId)),
  }
}

async function replay(
  services: Services,
  receiptId: string,
  stored: StoredResponse,
): Promise<Response> {
  const { [SEALED_HEADER]: sealed, ...headers } = stored.headers
  const body =
    sealed === undefined
      ? stored.body
      : await services.sealer.open(stored.body, sealedPlace(receiptId))
  return toResponse({
    status: stored.status,
    headers: { ...headers, 'idempotency-replayed': 'true' },
    body,
  })
}

/**
 * The key, which is not stored, is a part of it: over the body alone, a password in there could be guessed from a copy
 * of the database.
 */
async function requestDigest(request: Request, body: Bytes, key: string): Promise<string> {
  const { headers } = request
  const parts = ['content-type', 'if-match', 'if-none-match'].map((name) => headers.get(name))
  return sha256Hex(JSON.stringify([key, new URL(request.url).search, parts, await sha256Hex(body)]))
}

function toResponse(stored: StoredResponse): Response {
  const body = stored.status === 204 ? null : stored.body
  return new Response(body, { status: stored.status, headers: stored.headers })
}
