import type { Actor, ReceiptDraft, StoredResponse } from './ledger/ledger.ts'

/** Who asks for a change, and how its answer is kept for a repeat of the same request. */
export interface Request {
  readonly actor: Actor
  readonly receipt?: ReceiptPlan
}

/** A claimed Idempotency-Key: the answer is rendered inside the commit that makes the change. */
export interface ReceiptPlan {
  readonly id: string
  readonly holder: string
  /** Pure: what the caller will be answered when the change has this result. */
  render(result: unknown): StoredResponse
}

/** The part of a decision that completes the request's receipt, if it carries one. */
export function receiptOf(request: Request, result: unknown): { receipt?: ReceiptDraft } {
  const { receipt } = request
  if (receipt === undefined) return {}
  return {
    receipt: { id: receipt.id, holder: receipt.holder, response: receipt.render(result) },
  }
}
