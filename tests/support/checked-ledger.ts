import type { AggregateKey, Decision, Ledger, NumberState, TaskQueue } from '@latchkey/core'

/** The ledger, with every step of a number held against what must be true of each; what is not is noted. */
export function checkedLedger(ledger: Ledger & TaskQueue): {
  readonly ledger: Ledger & TaskQueue
  readonly complaints: readonly string[]
} {
  const complaints: string[] = []
  return {
    complaints,
    ledger: {
      ...ledger,
      mutate: <S, R>(key: AggregateKey, decide: Decide<S, R>) =>
        ledger.mutate<S, R>(key, (state, version) => {
          const decision = decide(state, version)
          if (key.kind === 'number') {
            // Only numbers are of this kind.
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion
            complaints.push(...complaintsAbout(state as NumberState | null, decision as Step))
          }
          return decision
        }),
    },
  }
}

type Decide<S, R> = (state: S | null, version: number) => Decision<S, R>
type Step = Decision<NumberState, unknown>

function complaintsAbout(before: NumberState | null, step: Step): string[] {
  const { next } = step
  if (before === null || next === undefined || next === null) return []
  const complaints: string[] = []
  const must = (holds: boolean, what: string) => {
    if (!holds) complaints.push(`${what}: ${JSON.stringify({ before, step })}`)
  }

  must(next.generation >= before.generation, 'a generation goes back')
  must(next.fence >= before.fence, 'a fence goes back')
  must(next.epoch >= before.epoch, 'an epoch goes back')
  const started = next.writing !== null && next.writing.fence !== before.writing?.fence
  must(
    started === next.fence > before.fence,
    'a write starts without a new fence, or none with one',
  )
  must(!started || next.epoch > before.epoch, 'a write starts within an epoch')
  const ended = before.writing !== null && next.writing === null
  must(!ended || next.epoch > before.epoch, 'a write ends within an epoch')

  const open = next.queued !== null || next.writing !== null || next.doubt !== null
  const settle = step.tasks?.find((task) => task.name === 'settle')
  must(settle !== undefined, 'a step forgets its task')
  must((settle?.due !== null) === open, 'something is open and nobody comes, or the reverse')
  must(next.doubt === null || next.desired !== null, 'nothing is in doubt')

  const refused = step.events?.some((event) => event.type === 'key.publish_failed') === true
  must(!refused || same(next.desired, before.desired), 'a refused key is desired')
  const older = (next.desired?.generation ?? 0) < (before.desired?.generation ?? 0)
  must(!older, 'an older key is desired again')
  const takenBack = next.desired?.acceptedAt === null && before.desired?.acceptedAt !== null
  const sameKey = next.desired?.generation === before.desired?.generation
  must(!(takenBack && sameKey), 'an accepted key is no longer accepted')

  if (!same(next.observed, before.observed)) {
    must(next.observed?.epoch === next.epoch, 'what was read in an earlier epoch is believed')
  }
  return complaints
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
