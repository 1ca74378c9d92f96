import {
  type AggregateKey,
  completeReceipt,
  DAY,
  Fault,
  MINUTE,
  type Partition,
  type Request as CoreRequest,
  type Services,
  type StoredResponse,
} from '@latchkey/core'
import { type Bytes, sha256Hex } from '@latchkey/crypto'
import type { RouteContext } from './context.ts'

/** As long as a request may run; a holder that died is succeeded after it. */
const IN_FLIGHT_MS = 2 * MINUTE
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
  /** What is kept in place of `render`, where the answer shows a secret once: its body sealed by `sealBody`. */
  readonly sealed?: StoredResponse
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
  const key = request.headers.get('idempotency-key')
  if (key === null) return toResponse(effect.render(await effect.work({ actor })))
  if (!KEY_FORM.test(key)) {
    throw new Fault(
      'invalid_request',
      'Cannot use Idempotency-Key: send 1 to 255 visible ASCII characters',
    )
  }
  const { partition } = effect
  const id = await sha256Hex(
    JSON.stringify([actor.kind, actor.id, request.method, new URL(request.url).pathname, key]),
  )
  const claim = await services.ledger.claimReceipt(partition, {
    id,
    digest: await requestDigest(request, effect.body),
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
      return replay(services, claim.response)
    case 'claimed':
      break
  }
  const { render, sealed } = effect
  const receipt = {
    id,
    holder: claim.holder,
    render: sealed === undefined ? render : () => sealed,
  }
  try {
    const result = await effect.work({ actor, receipt })
    if (effect.completeOn !== undefined) {
      await completeReceipt(services, effect.completeOn, { actor, receipt }, result)
    }
    return toResponse(render(result))
  } catch (error) {
    await services.ledger.releaseReceipt(partition, id, claim.holder)
    throw error
  }
}

/** Where sealed answers open: in a receipt. */
const SEALED_PLACE = 'receipt'
const SEALED_HEADER = 'x-latchkey-sealed'

/** An answer with its body sealed, to be kept in a receipt. */
export async function sealBody(
  services: Services,
  stored: StoredResponse,
): Promise<StoredResponse> {
  return {
    status: stored.status,
    headers: { ...stored.headers, [SEALED_HEADER]: '1' },
    body: await services.sealer.seal(stored.body, SEALED_PLACE),
  }
}

async function replay(services: Services, stored: StoredResponse): Promise<Response> {
  const { [SEALED_HEADER]: sealed, ...headers } = stored.headers
  const body =
    sealed === undefined ? stored.body : await services.sealer.open(stored.body, SEALED_PLACE)
  return toResponse({
    status: stored.status,
    headers: { ...headers, 'idempotency-replayed': 'true' },
    body,
  })
}

async function requestDigest(request: Request, body: Bytes): Promise<string> {
  const { headers } = request
  const parts = ['content-type', 'if-match', 'if-none-match'].map((name) => headers.get(name))
  return sha256Hex(JSON.stringify([new URL(request.url).search, parts, await sha256Hex(body)]))
}

function toResponse(stored: StoredResponse): Response {
  const body = stored.status === 204 ? null : stored.body
  return new Response(body, { status: stored.status, headers: stored.headers })
}
