import { DAY, type Instant } from '@latchkey/core'
import { mintCertificate } from '../shared/mint.ts'
import { fingerprintOf, isCertificate, openCertificate, pemBlocks } from '../shared/pem.ts'
import { findBundleProblem, type BundleProblem } from './bundle.ts'
import type { OnPremKnobs } from './knobs.ts'

/** The TLS material of the web server: a bundle that was uploaded, or one of the client's own. */
export interface TlsBundle {
  readonly origin: 'generated' | 'uploaded'
  /** Private key, leaf, CA certificates. */
  readonly pem: string
  readonly since: Instant
}

/** How a bundle is shown to whoever turns the sandbox: never with its key. */
export interface TlsView {
  readonly origin: TlsBundle['origin']
  /** The leaf's; null where it cannot be read. */
  readonly subject: string | null
  /** Of every certificate, the leaf's first; null for one that cannot be read. */
  readonly fingerprints: readonly (string | null)[]
}

export interface CaBundle {
  /** PEM as it was sent. */
  readonly stored: string | null
  /** What the Coreapp nodes have used since they last started. */
  readonly live: string | null
}

/** A deployment's TLS as the control shows it. */
export interface OnPremDetails {
  /** `down`: the web server did not start, and every connection is reset. */
  readonly webapp: 'up' | 'down'
  /** What kept it from starting. */
  readonly problem: BundleProblem | null
  /** The `certs` table, which the next start takes; null after it was dropped. */
  readonly stored: TlsView | null
  /** What the web server serves; null while it is down. */
  readonly served: TlsView | null
  readonly webhookCa: CaBundle
}

export interface WebServer {
  readonly isDown: boolean
  readonly stored: TlsBundle | null
  readonly webhookCa: CaBundle
  upload(pem: string, now: Instant): void
  dropTable(): void
  setWebhookCa(pem: string | null): void
  restartWebapp(now: Instant, knobs: Readonly<OnPremKnobs>): void
  restartCoreapp(): void
  details(): OnPremDetails
}

/** How long the client's own CA lasts: about a year, as a real client's did. */
const GENERATED_LIFETIME = 365 * DAY

export function createWebServer(now: Instant): WebServer {
  let stored: TlsBundle | null = generateBundle(now)
  let served = stored
  let problem: BundleProblem | null = null
  let webhookCa: CaBundle = { stored: null, live: null }
  return {
    get isDown() {
      return problem !== null
    },
    get stored() {
      return stored
    },
    get webhookCa() {
      return webhookCa
    },
    upload(pem, since) {
      stored = { origin: 'uploaded', pem, since }
    },
    dropTable() {
      stored = null
    },
    setWebhookCa(pem) {
      webhookCa = { ...webhookCa, stored: pem }
    },
    restartWebapp(at, { expiredBundle }) {
      stored ??= generateBundle(at)
      problem =
        stored.origin === 'generated'
          ? null
          : findBundleProblem(stored.pem, at, expiredBundle === 'bricks')
      if (problem === null) served = stored
    },
    restartCoreapp() {
      webhookCa = { ...webhookCa, live: webhookCa.stored }
    },
    details: () => ({
      webapp: problem === null ? 'up' : 'down',
      problem,
      stored: stored === null ? null : viewOf(stored),
      served: problem === null ? viewOf(served) : null,
      webhookCa,
    }),
  }
}

/** Named as a real client names its own CA. */
function generateBundle(now: Instant): TlsBundle {
  const validity = { notBefore: now, notAfter: now + GENERATED_LIFETIME }
  const organization = 'WhatsApp Inc.'
  const authority = mintCertificate({
    ...validity,
    organization,
    organizationalUnit: 'Enterprise Client - AutoGen CA',
    commonName: 'Sandbox',
    ca: true,
  })
  const leaf = mintCertificate({ ...validity, organization, commonName: 'localhost' }, authority)
  const pem = `${leaf.privateKey}${leaf.certificate}${authority.certificate}`
  return { origin: 'generated', pem, since: now }
}

function viewOf({ origin, pem }: TlsBundle): TlsView {
  const certificates = pemBlocks(pem)
    .filter(isCertificate)
    .map(({ text }) => openCertificate(text))
  return {
    origin,
    subject: certificates[0]?.subject ?? null,
    fingerprints: certificates.map((each) => (each === null ? null : fingerprintOf(each))),
  }
}
