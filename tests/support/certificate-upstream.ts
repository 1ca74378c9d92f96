import {
  Fault,
  type ListedCertificate,
  MINUTE,
  type OperationName,
  type OperationShapes,
  type Random,
  SECOND,
  type Upstream,
  type UpstreamCall,
  type UpstreamOutcome,
  createPace,
} from '@latchkey/core'
import type { SimClock } from '@latchkey/core/testing'
import * as z from 'zod'
import type { Weather } from './model-upstream.ts'

export const QUOTA = 3
const TIMEOUT_MS = 10 * SECOND
const ISSUING_MAX_MS = 20 * MINUTE

type Input<Name extends OperationName> = OperationShapes[Name]['input']
/** Given back as if a write had been refused, or null where it was done. */
type Answer = unknown

/** A certificate as the model keeps it. */
interface Held {
  readonly id: string
  readonly name: string
  readonly purpose: ListedCertificate['purpose']
  readonly origin: 'upload' | 'apply'
  readonly issuedTo: string | null
  readonly doneAt: number
  readonly fails: boolean
}

const operationPath = z.string()

/**
 * An upstream with both shapes of certificates, in the weather that it is given: a list whose ids are given out again,
 * whose uploads are staged first, and slots that each upload overwrites.
 */
export class CertificateUpstream implements Upstream {
  readonly timeoutMs = TIMEOUT_MS
  readonly servedCertificate = null
  readonly pace = createPace()
  weather: Weather
  /** The credentials are refused, whatever is asked. */
  isLocked = false
  calls = 0
  held: readonly Held[] = []
  active: string | null = null
  readonly slots = new Map<string, string>()
  /** Names in the order in which they were created. */
  readonly created: string[] = []
  /** What was refused though it had been let through: too many, or a name that is there. */
  readonly surprises: string[] = []
  readonly #staged = new Map<string, string>()
  readonly #clock: SimClock
  readonly #random: Random

  constructor(clock: SimClock, random: Random, weather: Weather) {
    this.#clock = clock
    this.#random = random
    this.weather = weather
  }

  admit(): void {
    // Every host of the model is its own.
  }

  async perform<I, O>(call: UpstreamCall<I, O>): Promise<UpstreamOutcome<O>> {
    const { path, body = 'null' } = await call.exchange.request(call.input, null)
    const name = operationPath.parse(path[0])
    const answer = await this.#onTheWay(name, () => this.#do(name, JSON.parse(body)))
    const text = JSON.stringify(answer)
    const response = { status: 200, headers: new Headers(), body: text, at: this.#clock.now() }
    const value = await call.exchange.respond(response, call.input)
    return { value, status: 200, requestId: null, durationMs: 1, attempts: 1, pressure: null }
  }

  /** What is listed now. */
  list(): readonly ListedCertificate[] {
    return this.held.map(({ id, name, purpose, origin, issuedTo, doneAt, fails }) => {
      const done = fails ? 'failed' : 'installed'
      return {
        upstreamId: id,
        purpose,
        name,
        status: this.#clock.now() < doneAt ? 'pending' : done,
        origin,
        issuedTo,
        notAfter: null,
        pem: null,
        autoRenewal: null,
        problem: null,
      }
    })
  }

  async #onTheWay(name: string, arrive: () => Answer): Promise<Answer> {
    this.calls += 1
    if (this.isLocked) throw new Fault('upstream_unauthorized', 'Refused')
    await this.#clock.sleep(this.#random.fraction() * 400)
    const answer = name.endsWith('list') || name.endsWith('get') ? this.#read(arrive) : null
    const written = answer ?? (await this.#write(name, arrive))
    await this.#clock.sleep(this.#random.fraction() * 400)
    return written
  }

  #read(arrive: () => Answer): Answer {
    if (this.#random.fraction() < this.weather.failedReads) {
      throw new Fault('upstream_unavailable', 'Unavailable')
    }
    return arrive()
  }

  async #write(name: string, arrive: () => Answer): Promise<Answer> {
    const { weather } = this
    let fate = this.#random.fraction()
    if ((fate -= weather.refusals) < 0) throw new Fault('upstream_rejected', 'Refused')
    if ((fate -= weather.lostWrites) < 0) return this.#timeOut()
    if ((fate -= weather.lostAnswers) < 0) {
      this.#late(arrive)
      return this.#timeOut()
    }
    // By an id that is given out again, a late deletion hits whom it may: nobody could prevent that.
    if (name !== 'certificate.remove' && (fate -= weather.delayedWrites) < 0) {
      const landing = this.#clock.sleep(this.#random.fraction() * weather.delayMs)
      void landing.then(() => this.#late(arrive))
      return this.#timeOut()
    }
    return arrive()
  }

  /** Nobody hears what came of it. */
  #late(arrive: () => Answer): void {
    try {
      arrive()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
    }
  }

  async #timeOut(): Promise<never> {
    await this.#clock.sleep(TIMEOUT_MS)
    throw new Fault('upstream_timeout', 'Timed out', { effect: 'unknown' })
  }

  #do(name: string, sent: unknown): Answer {
    // The model's provider sends the input of the operation as it is.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const as = <Name extends OperationName>() => sent as Input<Name>
    switch (name) {
      case 'certificate.list':
        return this.#listed(as<'certificate.list'>())
      case 'certificate.get': {
        const { upstreamIds } = as<'certificate.get'>()
        const found = this.list().filter(({ upstreamId }) => upstreamIds.includes(upstreamId))
        return { certificates: found }
      }
      case 'certificate.stage': {
        const { fileName, pem } = as<'certificate.stage'>()
        this.#staged.set(fileName, pem)
        return { fileName }
      }
      case 'certificate.upload':
        return this.#upload(as<'certificate.upload'>())
      case 'certificate.apply':
        return this.#apply(as<'certificate.apply'>())
      case 'certificate.remove': {
        const { upstreamId } = as<'certificate.remove'>()
        if (this.held.every(({ id }) => id !== upstreamId)) throw rejected('Not there')
        this.held = this.held.filter(({ id }) => id !== upstreamId)
        return {}
      }
      case 'certificate.activate':
        this.active = as<'certificate.activate'>().name
        return {}
      default:
        throw new Error(`Cannot do ${name}`)
    }
  }

  #listed({ purpose }: Input<'certificate.list'>) {
    const pem = this.slots.get(purpose)
    const slot = { upstreamId: purpose, purpose, name: null, status: 'installed', origin: null }
    const rest = { issuedTo: null, notAfter: null, autoRenewal: null, problem: null }
    const inSlot = pem === undefined ? [] : [{ ...slot, ...rest, pem }]
    const certificates = this.list().filter((each) => each.purpose === purpose)
    return { certificates: [...certificates, ...inSlot], nextCursor: null }
  }

  #upload({ purpose, staged, pem }: Input<'certificate.upload'>) {
    if (staged === null) {
      this.slots.set(purpose, pem)
      this.created.push(pem)
      return { name: null, status: 'installed' }
    }
    if (!this.#staged.has(staged)) throw rejected('No such file')
    this.#create({ name: staged, purpose, origin: 'upload', issuedTo: null, doneAt: 0 })
    this.#staged.delete(staged)
    return { name: staged, status: 'installed' }
  }

  #apply({ domain }: Input<'certificate.apply'>) {
    const name = `${domain}-${this.created.length}`
    const doneAt = this.#clock.now() + this.#random.fraction() * ISSUING_MAX_MS
    const isThere = this.list().some((each) => each.issuedTo === domain && each.status !== 'failed')
    if (isThere) {
      this.surprises.push(`applied twice for ${domain}`)
    }
    this.#create({ name, purpose: 'server', origin: 'apply', issuedTo: domain, doneAt })
    return { name: null, status: 'pending' }
  }

  #create(made: Omit<Held, 'id' | 'fails'>): void {
    if (this.held.some(({ name }) => name === made.name)) throw rejected('Duplicate name')
    if (this.held.length >= QUOTA) {
      this.surprises.push(`too many: ${made.name}`)
      throw rejected('Too many')
    }
    const id = ['1', '2', '3'].find((each) => this.held.every((held) => held.id !== each)) ?? ''
    const fails = made.origin === 'apply' && this.#random.fraction() < 0.3
    this.held = [...this.held, { ...made, id, fails }]
    this.created.push(made.name)
  }
}

function rejected(why: string): Fault {
  return new Fault('upstream_rejected', why)
}
