import {
  applyForCertificate,
  type CertificateKind,
  type CertificatePurpose,
  type CertificateState,
  createConnection,
  DAY,
  type Event,
  EMPTY_INVENTORY,
  intervalsOf,
  inventoryKey,
  type InventoryState,
  isFault,
  type Ledger,
  readAllCertificates,
  type ReceiptPlan,
  runDueTasks,
  type Sealer,
  type Services,
  type TaskQueue,
  taskHandlers,
  uploadCertificate,
  activateCertificate,
  type Added,
  removeCertificate,
} from '@latchkey/core'
import { seededRandom, SimClock } from '@latchkey/core/testing'
import { ed25519Signer, rsaKeyMaker, signWebhook } from '@latchkey/crypto'
import { continuesChain } from '@latchkey/ledger'
import { certificateProvider, LISTED, modelInspector, pemNamed } from './certificate-provider.ts'
import { CertificateUpstream } from './certificate-upstream.ts'
import { registryOf, type Weather } from './model-upstream.ts'
import { noCourier } from './no-courier.ts'

export const START = Date.UTC(2026, 9, 20)
const ACTOR = { kind: 'system', id: 'test' } as const
/** More turns than any story needs: beyond them a task is due again and again. */
const TURNS_MAX = 5000

/** Nothing here is a secret. */
const openSealer: Sealer = {
  seal: (plaintext) => Promise.resolve(plaintext),
  open: (sealed) => Promise.resolve(sealed),
}

export interface UploadOptions {
  readonly by?: Services
  readonly purpose?: CertificatePurpose
  readonly activate?: boolean
  readonly receipt?: ReceiptPlan<Added>
}

export interface CertificateWorld {
  readonly clock: SimClock
  readonly upstream: CertificateUpstream
  readonly services: Services
  readonly ledger: Ledger & TaskQueue
  /** Its certificates are many, not slots. */
  readonly lists: boolean
  readonly connectionId: string
  /** What was logged that only a defect can cause. */
  readonly defects: readonly string[]
  /** Each says what came of it: `done`, or the code of the fault. */
  upload(name: string, options?: UploadOptions): Promise<string>
  apply(domain: string, by?: Services): Promise<string>
  remove(certificateId: string, by?: Services): Promise<string>
  activate(certificateId: string, by?: Services): Promise<string>
  refresh(by?: Services): Promise<string>
  /** As they are kept, by their rows. */
  certificates(): Promise<readonly CertificateState[]>
  inventory(): Promise<InventoryState>
  events(): Promise<readonly Event[]>
  /** Lets time pass, doing the due tasks as a poller would. */
  pass(ms: number): Promise<void>
}

/** A connection with certificates on a model upstream over a real ledger, in time that stands still until moved. */
export async function certificateWorld(options: {
  readonly ledger: Ledger & TaskQueue
  readonly seed: number
  readonly weather: Weather
  readonly kinds: readonly CertificateKind[]
  /** When what is uploaded ends. */
  readonly notAfter?: number
}): Promise<CertificateWorld> {
  const { ledger } = options
  const random = seededRandom(options.seed)
  const clock = new SimClock(START)
  const upstream = new CertificateUpstream(clock, random, options.weather)
  const defects: string[] = []
  const services: Services = {
    ledger,
    chain: { continues: continuesChain },
    upstream,
    clock,
    random,
    sealer: openSealer,
    signer: ed25519Signer,
    signWebhook,
    courier: noCourier,
    keyMaker: rsaKeyMaker,
    intervals: intervalsOf({}),
    inspector: modelInspector(options.notAfter ?? START + 400 * DAY),
    providers: registryOf(certificateProvider(options.kinds)),
    logger: {
      log(_level, message, fields) {
        if (fields?.['code'] === 'internal') defects.push(`${message} ${JSON.stringify(fields)}`)
      },
    },
  }
  const { id: connectionId } = await createConnection(
    services,
    { actor: ACTOR },
    { provider: 'model', name: 'model', config: {}, credentials: { secret: 'none' } },
  )
  const named = (certificateId: string) => ({ connectionId, certificateId })
  return {
    clock,
    upstream,
    services,
    ledger,
    lists: options.kinds === LISTED,
    connectionId,
    defects,
    upload: (name, { by = services, purpose = 'server', activate = false, receipt } = {}) =>
      outcomeOf(() =>
        uploadCertificate(
          by,
          { actor: ACTOR, ...(receipt === undefined ? {} : { receipt }) },
          {
            connectionId,
            purpose,
            name,
            source: { pem: pemNamed(name) },
            autoRenewal: null,
            activate,
            force: false,
          },
        ),
      ),
    apply: (domain, by = services) =>
      outcomeOf(() =>
        applyForCertificate(
          by,
          { actor: ACTOR },
          {
            connectionId,
            purpose: 'server',
            domain,
            activate: false,
            dnsProvider: 'dns',
            dnsParameters: {},
          },
        ),
      ),
    remove: (id, by = services) =>
      outcomeOf(() => removeCertificate(by, { actor: ACTOR }, named(id))),
    activate: (id, by = services) =>
      outcomeOf(() => activateCertificate(by, { actor: ACTOR }, named(id))),
    refresh: (by = services) =>
      outcomeOf(() => readAllCertificates(by, ACTOR, { connectionId, fresh: true })),
    async certificates() {
      const where = { connectionId }
      const query = { kind: 'certificate', where, limit: 200 } as const
      return (await ledger.list<CertificateState>(query)).items.map(({ state }) => state)
    },
    async inventory() {
      const kept = await ledger.read<InventoryState>(inventoryKey(connectionId))
      return kept?.state ?? EMPTY_INVENTORY
    },
    events: async () => (await ledger.events({ limit: 1000 })).items,
    async pass(ms) {
      const until = clock.now() + ms
      for (let turns = 0; ; turns += 1) {
        if (turns > TURNS_MAX) throw new Error('Cannot pass time: a task is due again and again')
        await clock.until(runDueTasks(services, ledger, taskHandlers, { limit: 10 }))
        const due = (await ledger.nextDue()) ?? until
        if (Math.max(due, clock.now()) >= until) break
        await clock.advance(Math.max(due - clock.now(), 1))
      }
      await clock.advance(until - clock.now())
    },
  }
}

async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (!isFault(error)) throw error
    return error.code
  }
}
