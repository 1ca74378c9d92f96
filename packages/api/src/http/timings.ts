import type { CertificateInspector, Ledger, Sealer, Services, Upstream } from '@latchkey/core'

const PARTS = ['upstream', 'storage', 'crypto'] as const
type Part = (typeof PARTS)[number]

/** Where a request's time went, for `Server-Timing`. Parts that overlap count each for itself. */
export class Timings {
  readonly #parts = new Map<Part, number>()

  async measure<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.#parts.set(part, (this.#parts.get(part) ?? 0) + performance.now() - began)
    }
  }

  /** `upstream;dur=12.3, storage;dur=0.4, crypto;dur=0.0`, in milliseconds. */
  header(): string {
    return PARTS.map((part) => `${part};dur=${(this.#parts.get(part) ?? 0).toFixed(1)}`).join(', ')
  }
}

/** The same services, with the time they take noted. */
export function timedServices(services: Services, timings: Timings): Services {
  return {
    ...services,
    ledger: timedLedger(services.ledger, timings),
    upstream: timedUpstream(services.upstream, timings),
    sealer: timedSealer(services.sealer, timings),
    inspector: timedInspector(services.inspector, timings),
  }
}

function timedLedger(ledger: Ledger, timings: Timings): Ledger {
  const timed = <T>(work: () => Promise<T>) => timings.measure('storage', work)
  return {
    mutate: (key, decide) => timed(() => ledger.mutate(key, decide)),
    read: (key, options) => timed(() => ledger.read(key, options)),
    list: (query) => timed(() => ledger.list(query)),
    events: (query) => timed(() => ledger.events(query)),
    digestHeads: (upTo) => timed(() => ledger.digestHeads(upTo)),
    claimReceipt: (partition, receipt) => timed(() => ledger.claimReceipt(partition, receipt)),
    releaseReceipt: (partition, id, holder) =>
      timed(() => ledger.releaseReceipt(partition, id, holder)),
    ping: () => timed(() => ledger.ping()),
    close: () => ledger.close(),
  }
}

function timedUpstream(upstream: Upstream, timings: Timings): Upstream {
  const { servedCertificate } = upstream
  return {
    timeoutMs: upstream.timeoutMs,
    pace: upstream.pace,
    admit: (origin) => {
      upstream.admit(origin)
    },
    perform: (call) => timings.measure('upstream', () => upstream.perform(call)),
    servedCertificate:
      servedCertificate === null
        ? null
        : (origin) => timings.measure('upstream', () => servedCertificate(origin)),
  }
}

function timedSealer(sealer: Sealer, timings: Timings): Sealer {
  return {
    seal: (plaintext, place) => timings.measure('crypto', () => sealer.seal(plaintext, place)),
    open: (sealed, place) => timings.measure('crypto', () => sealer.open(sealed, place)),
  }
}

function timedInspector(inspector: CertificateInspector, timings: Timings): CertificateInspector {
  return {
    inspect: (request) => timings.measure('crypto', () => inspector.inspect(request)),
    describe: (certificate) => timings.measure('crypto', () => inspector.describe(certificate)),
  }
}
