import {
  amendFault,
  CALL_MAX_MS,
  type Clock,
  createPace,
  Fault,
  isFault,
  type Pressure,
  type Random,
  SECOND,
  type Upstream,
  type UpstreamCall,
  type UpstreamOutcome,
  type UpstreamResponse,
} from '@latchkey/core'
import type { HostPolicy } from '../policy/host-policy.ts'
import { parseRetryAfter } from '../retry-after/retry-after.ts'
import type { Transport } from '../transport/transport.ts'
import { admitOrigin } from './admit.ts'
import { answerOf, attempt } from './attempt.ts'
import { unreadableFault, upstreamLabel } from './attempt-faults.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { ownSecrets } from './own-secrets.ts'
import { requestIdOf } from './request-id.ts'
import { pauseBeforeRetry } from './retry.ts'
import { servedCertificate } from './served-certificate.ts'
import { wireRequest, type WireRequest } from './wire-request.ts'

export interface UpstreamOptions {
  readonly transport: Transport
  readonly policy: HostPolicy
  readonly clock: Clock
  readonly random: Random
  /** Hard limit of one attempt; 10 s. */
  readonly timeoutMs?: number
  /** Size cap of an answer after decoding; 1 MiB. */
  readonly maxBodyBytes?: number
  /** Where the runtime has a limit of its own: how many calls may be under way at once. */
  readonly callsAtOnce?: number
}

const TIMEOUT_MS = 10 * SECOND
const MAX_BODY_BYTES = 1024 * 1024
const ATTEMPTS = 3
/** A further attempt with less time than this would only end in another timeout. */
const WORTHWHILE_MS = SECOND
const LANE_WAIT_MS = 10 * SECOND
const LANE_RETRY_MS = SECOND

interface Context extends Required<Omit<UpstreamOptions, 'callsAtOnce'>> {
  readonly lanes: Lanes
}

/** Makes the one thing in Latchkey that calls out. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { timeoutMs = TIMEOUT_MS, maxBodyBytes = MAX_BODY_BYTES } = options
  const lanes = createLanes(options.clock, timeoutMs + LANE_WAIT_MS)
  const { policy, transport, callsAtOnce } = options
  const { readLeaf } = transport
  const context = { ...options, timeoutMs, maxBodyBytes, lanes }
  return {
    timeoutMs,
    pace: createPace(),
    ...(callsAtOnce === undefined ? {} : { callsAtOnce }),
    admit: (origin) => void admitOrigin(options, origin),
    perform: (call) => perform(context, call),
    servedCertificate:
      readLeaf === null
        ? null
        : async (origin) => servedCertificate(readLeaf, policy.admit(origin), timeoutMs),
  }
}

async function perform<Input, Output>(
  context: Context,
  call: UpstreamCall<Input, Output>,
): Promise<UpstreamOutcome<Output>> {
  const { clock, random } = context
  const { attempts = ATTEMPTS, exchange, input, session } = call
  const deadline = clock.now() + CALL_MAX_MS
  const base = admitOrigin(context, call.origin)
  const request = wireRequest(base, await exchange.request(input, session), call.origin)
  const secrets = ownSecrets(request, call.secrets)
  let effect: Fault['effect'] = 'no'
  for (let made = 1; ; made += 1) {
    try {
      const outcome = await once(context, call, { request, made, deadline })
      return {
        ...outcome,
        // Only who records a write asks for it, and it has to be compared with everything that was sent.
        get requestId() {
          return secrets.maskId(outcome.requestId)
        },
      }
    } catch (error) {
      if (!isFault(error)) throw error
      // What an earlier attempt may have done, a later failure does not undo.
      if (error.effect === 'unknown') effect = 'unknown'
      const { repeatable } = exchange
      const pause =
        made < attempts ? pauseBeforeRetry({ fault: error, made, repeatable }, random) : null
      if (pause === null || clock.now() + pause + WORTHWHILE_MS > deadline) {
        const { upstream } = error
        throw amendFault(error, {
          effect,
          ...(upstream === undefined ? {} : { upstream: secrets.mask(upstream) }),
        })
      }
      await clock.sleep(pause)
    }
  }
}

interface Turn {
  readonly request: WireRequest
  readonly made: number
  readonly deadline: number
}

async function once<Input, Output>(
  context: Context,
  call: UpstreamCall<Input, Output>,
  { request, made, deadline }: Turn,
): Promise<UpstreamOutcome<Output>> {
  const { clock, maxBodyBytes } = context
  const left = () => deadline - clock.now()
  const waitMs = Math.min(LANE_WAIT_MS, left() - WORTHWHILE_MS)
  const release = await context.lanes.enter({ ...call.lane, waitMs })
  if (release === null) throw crowdedFault(request.url, call.lane.limit)
  const began = clock.now()
  let response: UpstreamResponse
  try {
    // A clock that jumps ahead must not end an attempt that has just begun.
    const timeoutMs = Math.min(context.timeoutMs, Math.max(left(), WORTHWHILE_MS))
    const limits = { timeoutMs, maxBodyBytes }
    response = await attempt(context, request, limits)
  } finally {
    release()
  }
  return {
    value: await understand(call, request, response),
    status: response.status,
    requestId: requestIdOf(response.headers),
    durationMs: Math.max(0, response.at - began),
    attempts: made,
    pressure: pressureOf(call, response),
  }
}

/** The provider's reading of an answer, its fault completed by what only the headers tell. */
async function understand<Input, Output>(
  { exchange, input }: UpstreamCall<Input, Output>,
  request: WireRequest,
  response: UpstreamResponse,
): Promise<Output> {
  try {
    return await exchange.respond(response, input)
  } catch (error) {
    const answer = answerOf(response)
    if (!isFault(error)) throw unreadableFault(upstreamLabel(request.url), error, answer)
    const retryAfterMs = error.retryAfterMs ?? parseRetryAfter(response.headers, response.at)
    throw amendFault(error, {
      upstream: { ...answer, ...error.upstream },
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    })
  }
}

/** It is told beside an outcome, and must never cost one. */
function pressureOf<Input, Output>(
  call: UpstreamCall<Input, Output>,
  response: UpstreamResponse,
): Pressure | null {
  try {
    return call.pressure?.(response) ?? null
  } catch {
    return null
  }
}

function crowdedFault(url: URL, limit: number): Fault {
  return new Fault(
    'upstream_unavailable',
    `Cannot call ${upstreamLabel(url)}: ${limit} calls to it are still under way`,
    { upstream: { status: null }, effect: 'no', retryAfterMs: LANE_RETRY_MS },
  )
}
