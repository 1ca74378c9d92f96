import { isFault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import { abandonWrite } from '../../number/claim.ts'
import { giveUp, planSettle, settleFailed, settleReading } from '../../number/settle.ts'
import type { NumberState } from '../../number/state.ts'
import { settleDue } from '../../number/transition.ts'
import type { Services } from '../../services.ts'
import { callUpstream } from '../call-upstream.ts'
import { carryOut, carryOutAgain } from './carry-out.ts'
import { mutateNumber, numberDecision } from './commit.ts'
import { loadNumber, type LoadedNumber } from './load.ts'
import { endUnsent, SETTLER } from './unsent.ts'

/**
 * Moves a number on that has something open: an intent nobody carries out, a write whose owner died, an outcome
 * that nobody knows. Answers when to come again; null where nothing is open.
 */
export async function settleNumber(services: Services, numberId: string): Promise<Instant | null> {
  const snapshot = await services.ledger.read<NumberState>({ kind: 'number', id: numberId })
  if (snapshot === null) return null
  const loaded = await loadNumber(services, numberId)
  if (await endUnsent(services, loaded)) return settleDueOf(services, numberId)
  const now = services.clock.now()
  const plan = planSettle(loaded.number, now, loaded.readable)
  const verified = { actor: SETTLER, verify: true }
  switch (plan.do) {
    case 'nothing':
      return null
    case 'wait':
      return plan.until
    case 'carry_out':
      await carryOut(services, loaded, plan.generation, verified)
      break
    case 'read':
      await lookInDoubt(services, loaded)
      break
    case 'resend':
      await commitAbandoned(services, loaded)
      await carryOutAgain(services, loaded, verified)
      break
    case 'give_up':
      await commitAbandoned(services, loaded)
      await mutateNumber(services, numberId, (state) => {
        // Another write has begun: what it comes to settles the number.
        if (planSettle(state, now, loaded.readable).do !== 'give_up') return { result: null }
        const step = giveUp(state, now, SETTLER)
        return numberDecision(step, { readable: loaded.readable, result: null })
      })
      break
  }
  return settleDueOf(services, numberId)
}

async function settleDueOf({ ledger }: Services, numberId: string): Promise<Instant | null> {
  const after = await ledger.read<NumberState>({ kind: 'number', id: numberId })
  return after === null ? null : settleDue(after.state)
}

/** Reads a number in doubt, and publishes again what was asked for where it is certain that it is not there. */
async function lookInDoubt(services: Services, loaded: LoadedNumber): Promise<void> {
  const state = await commitAbandoned(services, loaded)
  try {
    const { value: reading } = await callUpstream(
      services,
      loaded.connection,
      'encryptionKey.read',
      { upstreamId: state.upstreamId },
    )
    const options = { epoch: state.epoch, now: services.clock.now(), actor: SETTLER }
    const resend = await mutateNumber(services, state.id, (present) => {
      const settlement = settleReading(present, reading, options)
      return numberDecision(settlement.step, {
        readable: true,
        result: settlement.resend,
      })
    })
    if (resend) await carryOutAgain(services, loaded, { actor: SETTLER, verify: true })
  } catch (error) {
    if (!isFault(error)) throw error
    await mutateNumber(services, state.id, (present) =>
      numberDecision(settleFailed(present, services.clock.now()), {
        readable: true,
        result: null,
      }),
    )
  }
}

/** Commits that a write whose lease has ended is in doubt, before anything is read or sent. */
function commitAbandoned(services: Services, loaded: LoadedNumber): Promise<NumberState> {
  const now = services.clock.now()
  return mutateNumber(services, loaded.number.id, (state) => {
    const step = abandonWrite(state, now)
    if (step.next === state) return { result: state }
    return numberDecision(step, { readable: loaded.readable, result: step.next })
  })
}
