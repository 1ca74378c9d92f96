import { ARM_SWEEPS, DEPLOYMENT_KEY, type DeploymentState } from '../../audit/deployment.ts'
import type { Instant } from '../../instant.ts'
import type { NumberState } from '../../number/state.ts'
import { sweepTask } from '../../number/sweep.ts'
import type { Services } from '../../services.ts'
import { isReadable } from '../key/readable.ts'

/** Numbers that are seen to between two commits of how far it has come. */
const PAGE = 100

/**
 * Has the numbers swept that were there before a program that sweeps. Seeing to one twice, where somebody died in
 * between, is harmless. Answers when to go on; null where all are seen to.
 */
export async function armSweeps(services: Services): Promise<Instant | null> {
  const { clock, intervals, ledger } = services
  const deployment = await ledger.read<DeploymentState>(DEPLOYMENT_KEY)
  const armed = deployment?.state.sweeps
  if (armed === undefined || armed === 'armed') return null
  const { cursor } = armed
  const page = await ledger.list<NumberState>({
    kind: 'number',
    limit: PAGE,
    ...(cursor === null ? {} : { cursor }),
  })
  for (const { id, state } of page.items) {
    if (!isReadable(services, state)) continue
    await ledger.mutate<NumberState, null>({ kind: 'number', id }, (present) => {
      if (present === null) return { result: null }
      return { result: null, tasks: [sweepTask(id, intervals.sweepMs, clock.now())] }
    })
  }
  const sweeps = page.nextCursor === null ? 'armed' : { cursor: page.nextCursor }
  await ledger.mutate<DeploymentState, null>(DEPLOYMENT_KEY, (state) => {
    if (state === null) return { result: null }
    const tasks = sweeps === 'armed' ? [] : [{ name: ARM_SWEEPS, due: clock.now() }]
    return { result: null, next: { ...state, sweeps }, labels: {}, tasks }
  })
  return null
}
