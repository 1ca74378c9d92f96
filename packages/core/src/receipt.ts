import type { AggregateKey } from './ledger/keys.ts'
import type { Actor, ReceiptDraft, StoredResponse } from './ledger/ledger.ts'
import type { Services } from './services.ts'

/** Who asks for a change, and how its answer is kept for a repeat of the same request. */
export interface Request<Result = unknown> {
  readonly actor: Actor
  /** Whether who asks may be told of what lives in a connection; of everything, where left out. */
  readonly sees?: (connectionId: string) => boolean
  readonly receipt?: ReceiptPlan<Result>
}

/** A claimed Idempotency-Key: the answer is rendered inside the commit that makes the change. */
export interface ReceiptPlan<Result = unknown> {
  readonly id: string
  readonly holder: string
  /** Pure: what the caller will be answered when the change has this result. */
  render(result: Result): StoredResponse
}

/** The part of a decision that completes the request's receipt, if it carries one. */
export function receiptOf<Result>(
  request: Request<Result>,
  result: Result,
): { receipt?: ReceiptDraft } {
  const { receipt } = request
  if (receipt === undefined) return {}
  return {
    receipt: { id: receipt.id, holder: receipt.holder, response: receipt.render(result) },
  }
}

/** The part of a decision that undoes what a receipt was completed with. */
export function takeBack({ id, holder }: Pick<ReceiptPlan, 'id' | 'holder'>): {
  receipt: ReceiptDraft
} {
  return { receipt: { id, holder, response: null } }
}

/**
 * Completes a receipt after effects that were not one commit: a publish, a discovery. Repeating those is harmless,
 * so that dying before this step only makes the next request do them again.
 */
export async function completeReceipt<Result>(
  services: Services,
  key: AggregateKey,
  request: Request<Result>,
  result: Result,
): Promise<void> {
  if (request.receipt === undefined) return
  await services.ledger.mutate(key, () => ({ result: null, ...receiptOf(request, result) }))
}
