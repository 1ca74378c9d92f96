import {
  Fault,
  type Provider,
  type ProviderRegistry,
  type PublicKey,
  type Random,
  type SignatureStatus,
  type Upstream,
  type UpstreamCall,
  type UpstreamOutcome,
  createPace,
} from '@latchkey/core'
import type { SimClock } from '@latchkey/core/testing'
import * as z from 'zod'

/** What befalls calls, each as a probability. */
export interface Weather {
  /** The write is applied at once, its answer never arrives. */
  readonly lostAnswers: number
  /** The caller times out; the write is applied up to `delayMs` after it was sent. */
  readonly delayedWrites: number
  readonly delayMs: number
  /** The write never arrives, and the caller times out. */
  readonly lostWrites: number
  readonly refusals: number
  readonly failedReads: number
}

export const CALM: Weather = {
  lostAnswers: 0,
  delayedWrites: 0,
  delayMs: 0,
  lostWrites: 0,
  refusals: 0,
  failedReads: 0,
}

const TIMEOUT_MS = 10_000

/** An upstream that keeps one key a number, in the weather that it is given. */
export class ModelUpstream implements Upstream {
  readonly timeoutMs = TIMEOUT_MS
  readonly servedCertificate = null
  readonly pace = createPace()
  readonly keys = new Map<string, PublicKey>()
  readonly writes: string[] = []
  /** The most writes that were ever under way at once. */
  mostWritesAtOnce = 0
  weather: Weather
  /** Looks into what a write needs before it takes effect; meanwhile it has not. */
  beforeWrite: ((upstreamId: string, key: PublicKey) => Promise<void>) | null = null
  /** Told of each write in the moment in which it takes effect. */
  onWrite: (upstreamId: string, key: PublicKey) => void = () => undefined
  #clock: SimClock
  #random: Random
  #writing = 0

  constructor(clock: SimClock, random: Random, weather: Weather) {
    this.#clock = clock
    this.#random = random
    this.weather = weather
  }

  admit(): void {
    // Every host of the model is its own.
  }

  async perform<Input, Output>(
    call: UpstreamCall<Input, Output>,
  ): Promise<UpstreamOutcome<Output>> {
    const request = await call.exchange.request(call.input, null)
    const [upstreamId = ''] = request.path
    const body =
      request.method === 'POST'
        ? await this.#alone(() => this.#write(upstreamId, request.body ?? ''))
        : await this.#onTheWay(async () => this.#read(upstreamId))
    const response = { status: 200, headers: new Headers(), body, at: this.#clock.now() }
    const value = await call.exchange.respond(response, call.input)
    return { value, status: 200, requestId: null, durationMs: 1, attempts: 1, pressure: null }
  }

  async #onTheWay<T>(arrive: () => Promise<T>): Promise<T> {
    await this.#clock.sleep(this.#random.fraction() * 400)
    const answer = await arrive()
    await this.#clock.sleep(this.#random.fraction() * 400)
    return answer
  }

  async #alone<T>(write: () => Promise<T>): Promise<T> {
    this.#writing += 1
    this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, this.#writing)
    try {
      return await this.#onTheWay(write)
    } finally {
      this.#writing -= 1
    }
  }

  async #write(upstreamId: string, body: string): Promise<string> {
    const key = publicKeySchema.parse(JSON.parse(body))
    const apply = async () => {
      if (this.beforeWrite !== null) await this.beforeWrite(upstreamId, key)
      this.keys.set(upstreamId, key)
      this.writes.push(key.fingerprint)
      this.onWrite(upstreamId, key)
    }
    const { weather } = this
    let fate = this.#random.fraction()
    if ((fate -= weather.refusals) < 0) throw new Fault('upstream_rejected', 'Refused')
    if ((fate -= weather.lostWrites) < 0) return this.#timeOut()
    if ((fate -= weather.lostAnswers) < 0) {
      await apply()
      return this.#timeOut()
    }
    if ((fate -= weather.delayedWrites) < 0) {
      void this.#clock.sleep(this.#random.fraction() * weather.delayMs).then(apply)
      return this.#timeOut()
    }
    await apply()
    return '{}'
  }

  async #timeOut(): Promise<never> {
    await this.#clock.sleep(TIMEOUT_MS)
    throw new Fault('upstream_timeout', 'Timed out', { effect: 'unknown' })
  }

  #read(upstreamId: string): string {
    if (this.#random.fraction() < this.weather.failedReads) {
      throw new Fault('upstream_unavailable', 'Unavailable')
    }
    return JSON.stringify(this.keys.get(upstreamId) ?? null)
  }
}

const publicKeySchema = z.object({
  pem: z.string(),
  fingerprint: z.templateLiteral(['sha256:', z.string()]),
})

/** The registry of one provider, which is there already. */
export function registryOf(provider: Provider): ProviderRegistry {
  return new Map([[provider.id, { ...provider, load: () => Promise.resolve(provider) }]])
}

/** A provider of the model's dialect, with or without a safe read. */
export function modelProvider(readable: boolean): Provider {
  const publish: Provider['operationNames'] = ['encryptionKey.publish']
  return {
    id: 'model',
    title: 'Model',
    lifecycle: 'active',
    config: z.strictObject({ maxConcurrent: z.number().default(16) }),
    credentials: z.strictObject({ secret: z.string() }),
    operationNames: readable ? [...publish, 'encryptionKey.read'] : publish,
    numbers: { single: false, canonicalId: (id) => id },
    hasDialect: false,
    limits: [],
    quirks: [],
    connect: () => ({
      origin: { baseUrl: 'https://model.example', hosts: { rule: 'operator' } },
      account: '',
      operations: {
        'encryptionKey.publish': {
          repeatable: false,
          request: ({ upstreamId, publicKey }) => ({
            method: 'POST',
            path: [upstreamId],
            body: JSON.stringify(publicKey),
          }),
          respond: () => ({}),
        },
        ...(readable
          ? {
              'encryptionKey.read': {
                repeatable: true,
                request: ({ upstreamId }: { upstreamId: string }) => ({
                  method: 'GET' as const,
                  path: [upstreamId],
                }),
                respond: ({ body }: { body: string }) => {
                  const publicKey = publicKeySchema.nullable().parse(JSON.parse(body))
                  const status: SignatureStatus = publicKey === null ? 'unset' : 'valid'
                  return { status, publicKey, warnings: [] }
                },
              },
            }
          : {}),
      },
    }),
  }
}
