import { Fault } from '../../fault/fault.ts'
import type { Decision } from '../../ledger/ledger.ts'
import { retireTasks } from '../../number/ring.ts'
import { numberLabels } from '../../number/labels.ts'
import { type NumberState } from '../../number/state.ts'
import { settleTask, type Step } from '../../number/transition.ts'
import type { Services } from '../../services.ts'

/** A commit of one number: its next state with the labels and the tasks that follow from it. */
export function numberDecision<R>(
  step: Step,
  options: { readonly readable: boolean; readonly result: R },
): Decision<NumberState, R> {
  return {
    result: options.result,
    next: step.next,
    labels: numberLabels(step.next, options.readable),
    events: step.events,
    tasks: [settleTask(step.next), ...retireTasks(step.next)],
  }
}

/** Changes a number that exists. @throws Fault not_found */
export function mutateNumber<R>(
  services: Services,
  id: string,
  decide: (state: NumberState) => Decision<NumberState, R>,
): Promise<R> {
  return services.ledger.mutate<NumberState, R>({ kind: 'number', id }, (state) => {
    if (state === null) throw new Fault('not_found', `Cannot find number "${id}"`)
    return decide(state)
  })
}
