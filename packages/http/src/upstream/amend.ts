import { Fault, type FaultOptions } from '@latchkey/core'

/** The same fault with some of what it tells changed. */
export function amend(fault: Fault, changes: FaultOptions): Fault {
  return new Fault(fault.code, fault.message, {
    errors: fault.errors,
    retryable: fault.retryable,
    effect: fault.effect,
    cause: fault.cause,
    ...(fault.upstream === undefined ? {} : { upstream: fault.upstream }),
    ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
    ...changes,
  })
}
