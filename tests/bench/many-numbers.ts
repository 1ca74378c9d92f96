import {
  type AggregateKey,
  type Fingerprint,
  type Instant,
  type Ledger,
  newNumber,
  type NumberState,
} from '@latchkey/core'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'

export const CONNECTIONS = 10
const AT_ONCE = 500
/** One in so many does not hold its key. */
const OUT_OF_SYNC = 10

const fingerprint: Fingerprint = `sha256:${'0'.repeat(64)}`

export function connectionAt(index: number): string {
  return `con_${String(index % CONNECTIONS).padStart(16, '0')}`
}

export function numberKeyAt(index: number): AggregateKey {
  const within = connectionAt(index).slice('con_'.length)
  return { kind: 'number', id: `num_${within}${String(index).padStart(12, '0')}` }
}

/** A number with a key that was published and read back. */
export function numberAt(index: number, at: Instant): NumberState {
  const pem = FIXTURE_PEM
  const actor = { kind: 'token', id: 'tok_admin' } as const
  return {
    ...newNumber({
      id: numberKeyAt(index).id,
      connectionId: connectionAt(index),
      provider: 'graph',
      upstreamId: String(index),
      label: null,
      at,
    }),
    generation: 1,
    fence: 1,
    desired: { generation: 1, pem, fingerprint, keyId: null, actor, at, acceptedAt: at },
    observed: { status: 'valid', pem, fingerprint, at, epoch: 0 },
    history: [fingerprint],
  }
}

export function labelsAt(index: number): Readonly<Record<string, string>> {
  return {
    connectionId: connectionAt(index),
    provider: 'graph',
    inSync: String(index % OUT_OF_SYNC !== 0),
    signatureStatus: 'valid',
  }
}

/** Puts numbers into a ledger as if each had been added, with a sweep that is due when told. */
export async function fillNumbers(
  ledger: Ledger,
  count: number,
  dueOf: (index: number) => Instant,
): Promise<void> {
  const at = Date.now()
  const add = (index: number) =>
    ledger.mutate<NumberState, null>(numberKeyAt(index), () => ({
      result: null,
      next: numberAt(index, at),
      labels: labelsAt(index),
      tasks: [{ name: 'sweep', due: dueOf(index) }],
      events: [
        {
          type: 'number.created',
          at,
          actor: { kind: 'token', id: 'tok_admin' },
          data: { connectionId: connectionAt(index), upstreamId: String(index), label: null },
        },
      ],
    }))
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = Math.min(AT_ONCE, count - first)
    await Promise.all(Array.from({ length: some }, (_, index) => add(first + index)))
  }
}
