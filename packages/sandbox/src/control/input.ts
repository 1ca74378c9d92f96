import {
  boolean,
  integer,
  InputError,
  list,
  nullable,
  object,
  oneOf,
  text,
  type Reader,
} from '../shared/readers.ts'
import type { RequestFilter } from '../shared/recorder.ts'
import { UPSTREAMS, type Upstream } from '../shared/upstreams.ts'
import { WEBHOOK_FIELDS } from '../graph/alerts.ts'
import type { WebhookSubscription } from '../graph/webhook.ts'
import type { PbxEvent } from '../pbx/events.ts'
import type { Containers } from '../onprem/emulator.ts'
import type { NumberChange, ResetOptions } from './control.ts'

/** The most that one reset may mint, and the furthest that the clock may be put at once: 10 years. */
const MAX_NUMBERS = 100_000
const MAX_ADVANCE_MS = 315_360_000_000

const upstream = oneOf(...UPSTREAMS)

const reset: Reader<ResetOptions> = object({}, { graphNumbers: integer(0, MAX_NUMBERS) })

const numberChange: Reader<NumberChange> = object(
  {},
  {
    registered: boolean,
    key: nullable(object({ pem: text, status: oneOf('VALID', 'MISMATCH') }, {})),
  },
)

const filter: Reader<RequestFilter> = object({}, { upstream, method: text, path: text })

const restart = object({}, { containers: oneOf('webapp', 'coreapp') })

const event: Reader<PbxEvent> = object(
  { name: text },
  {
    content: text,
    type: oneOf('operation', 'telephony', 'system', 'security', 'reminder'),
    signature: oneOf('valid', 'wrong', 'none'),
  },
)

const subscription: Reader<WebhookSubscription> = object(
  { callbackUrl: text, verifyToken: text },
  { fields: list(oneOf(...WEBHOOK_FIELDS)) },
)

const advance = object({ ms: integer(0, MAX_ADVANCE_MS) }, {})

/** @throws InputError */
export function parseUpstream(value: unknown): Upstream {
  return upstream(value, 'upstream')
}

/** @throws InputError */
export function parseReset(value: unknown): ResetOptions {
  return reset(value, '')
}

/** @throws InputError */
export function parseNumberChange(value: unknown): NumberChange {
  return numberChange(value, '')
}

/** @throws InputError */
export function parseFilter(value: unknown): RequestFilter {
  return filter(value, '')
}

/** The containers to restart. @throws InputError */
export function parseRestart(value: unknown): Containers | undefined {
  return restart(value, '').containers
}

/** @throws InputError */
export function parseEvent(value: unknown): PbxEvent {
  return event(value, '')
}

/** @throws InputError */
export function parseSubscription(value: unknown): WebhookSubscription {
  return subscription(value, '')
}

/** @throws InputError */
export function parseAdvance(value: unknown): number {
  return advance(value, '').ms
}

/** A body of the control API; an empty one is an empty object. @throws InputError */
export function parseBody(body: string): unknown {
  if (body.trim() === '') return {}
  try {
    return JSON.parse(body)
  } catch {
    throw new InputError('The body', 'must be JSON')
  }
}
