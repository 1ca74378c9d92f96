import {
  type DialectRequest,
  Fault,
  type FaultCode,
  type FaultOptions,
  FAULTS,
} from '@latchkey/core'
import { expect, test } from 'vitest'
import { exchangesOf, outcomeOf, READS } from './bind.ts'
import { type DialectWorld, received, sentBy } from './dialect-world.ts'
import { createGenerator, type Generator } from './generate.ts'

const SEED = 20_261_123
const ROUNDS = 12

const REJECTED: readonly FaultCode[] = ['upstream_rejected']
const UNAUTHORIZED: readonly FaultCode[] = ['upstream_unauthorized']
/** Come again: upstreams that have no word of their own for throttling are busy. */
const BUSY: readonly FaultCode[] = ['upstream_rate_limited', 'upstream_unavailable']
const FAILED: readonly FaultCode[] = ['upstream_unavailable', 'upstream_timeout']

const CODES = Object.keys(FAULTS).filter((code): code is FaultCode => code in FAULTS)

/** What a client may make of each refusal, once it has gone through the wire format. */
const EQUIVALENTS: Readonly<Record<FaultCode, readonly FaultCode[]>> = {
  invalid_request: REJECTED,
  unauthenticated: UNAUTHORIZED,
  forbidden: UNAUTHORIZED,
  not_found: REJECTED,
  method_not_allowed: REJECTED,
  conflict: REJECTED,
  quota_exceeded: REJECTED,
  precondition_failed: REJECTED,
  payload_too_large: REJECTED,
  unsupported_media_type: REJECTED,
  key_invalid: REJECTED,
  key_is_private: REJECTED,
  certificate_invalid: REJECTED,
  idempotency_mismatch: REJECTED,
  unsupported_operation: [...REJECTED, ...UNAUTHORIZED],
  rate_limited: BUSY,
  internal: FAILED,
  upstream_rejected: REJECTED,
  // Behind the caller's own: it may be told as what is out of order, never as a token of its own that has ended.
  upstream_unauthorized: [...FAILED, ...REJECTED, ...UNAUTHORIZED],
  upstream_malformed: FAILED,
  upstream_unavailable: FAILED,
  upstream_rate_limited: BUSY,
  upstream_timeout: FAILED,
}

/** Only what was sent upstream may have had an effect. */
const MAY_HAVE_HAPPENED: readonly FaultCode[] = [
  'upstream_rejected',
  'upstream_malformed',
  'upstream_unavailable',
  'upstream_timeout',
]

/** A call of the client's, and what becomes of it where the dialect refuses it. */
interface Refused {
  readonly name: string
  readonly request: () => Promise<DialectRequest>
  readonly outcome: (
    fault: Fault,
    request: DialectRequest,
  ) => Promise<{ readonly value: unknown; readonly fault: Fault | null }>
}

/** Every refusal means to a client of the format what it means to us. */
export function testDialectFaults(world: DialectWorld): void {
  const { connection, dialect, fixtures } = world
  for (const [name, exchange, input] of exchangesOf(connection, fixtures)) {
    // A login is refused in words of its own; lists of numbers are not served, and checks are other calls.
    if (name.startsWith('session.') || name === 'numbers.list' || name === 'connection.check') {
      continue
    }
    const refused: Refused = {
      name,
      request: () => sentBy(exchange, input),
      outcome: (fault, request) =>
        outcomeOf(exchange, received(dialect.refuse(fault, request)), input),
    }
    testMeaning(refused)
    if (!READS.has(name)) testDoubt(refused)
    testBlame(refused, world.provider.id)
  }
}

function testMeaning({ name, request, outcome }: Refused): void {
  test(`${name} that is refused means the same to a client`, async () => {
    const sent = await request()
    const generate = createGenerator(SEED, ['"', '\r\n', 'é', '😀', 'Cannot', 'lk_'])
    for (const code of CODES) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const fault = new Fault(code, String(generate.value(0)), randomOptions(generate))
        const told = await outcome(fault, sent)
        if (told.fault === null) {
          // That there is none is an answer to who reads.
          expect([code, READS.has(name)]).toEqual(['not_found', true])
          continue
        }
        expect(EQUIVALENTS[code], code).toContain(told.fault.code)
      }
    }
  })
}

/** Of a write that is told as refused, and was done, a program has the old key in its books. */
function testDoubt({ name, request, outcome }: Refused): void {
  test(`${name} of unknown outcome is not told as refused`, async () => {
    const sent = await request()
    for (const code of MAY_HAVE_HAPPENED) {
      const told = await outcome(new Fault(code, 'Cannot tell', { effect: 'unknown' }), sent)
      expect(told.fault?.effect, code).toBe('unknown')
    }
  })
}

/** A program that is told of its own token throws it away, though it is the connection's that was refused. */
function testBlame({ name, request, outcome }: Refused, provider: string): void {
  test(`${name} never blames the caller for the connection’s credentials`, async () => {
    const sent = await request()
    const own = await outcome(new Fault('unauthenticated', 'Cannot authenticate'), sent)
    const ownCode = own.fault?.upstream?.code
    expect(ownCode).toBeDefined()
    for (const code of [undefined, ownCode]) {
      const upstream = { provider, status: 401, ...(code === undefined ? {} : { code }) }
      const told = await outcome(new Fault('upstream_unauthorized', 'Cannot', { upstream }), sent)
      expect(told.fault?.upstream?.code).not.toBe(ownCode)
    }
  })
}

function randomOptions(generate: Generator): FaultOptions {
  const message = String(generate.value(0))
  return {
    ...(generate.chance(0.5) ? { retryAfterMs: 1 + generate.below(100_000) } : {}),
    ...(generate.chance(0.3) ? { errors: [{ pointer: '/field', message }] } : {}),
    ...(generate.chance(0.3)
      ? { findings: [{ code: 'finding', severity: 'error' as const, message }] }
      : {}),
  }
}
