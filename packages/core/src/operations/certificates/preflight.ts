import type {
  BundleFinding,
  BundleInspection,
  BundlePurpose,
  BundleRequest,
  Verdict,
} from '../../certificate/inspector.ts'
import type { PublicBundle } from '../../certificate/state.ts'
import type { OpenConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import type { CertificateKind, CertificatePurpose } from '../../provider/certificates.ts'
import type { Services } from '../../services.ts'
import { describeBundle } from './listing.ts'

export interface UploadSource {
  readonly pem: string
  readonly privateKey?: string
  readonly passphrase?: string
}

export interface CheckedUpload {
  /** What is sent: the private key with it where it belongs. */
  readonly pem: string
  readonly bundle: PublicBundle | null
  readonly findings: readonly BundleFinding[]
  /** The errors that somebody chose to send it in spite of. */
  readonly overridden: readonly string[]
}

/** About the host that the connection calls: a server may well be reached by another name too. */
const HOST_CODES: ReadonlySet<string> = new Set([
  'hostname_mismatch',
  'ip_mismatch',
  'reference_malformed',
])

/**
 * Nothing goes out that would break the other side.
 * @throws Fault certificate_invalid with the findings; with `force` only where there is nothing whole to send
 */
export async function checkUpload(
  services: Services,
  connection: OpenConnection,
  { kind, source, force }: { kind: CertificateKind; source: UploadSource; force: boolean },
): Promise<CheckedUpload> {
  const { purpose } = kind
  const inspected = await services.inspector.inspect({
    ...source,
    purpose: bundlePurpose(purpose),
    rules: kind.upload ?? {},
    ...(purpose === 'server' ? { hostname: hostOf(connection) } : {}),
    at: services.clock.now(),
  })
  const { verdict, findings } = aboutHostOnlyTold(inspected)
  if (verdict === 'fail' && !force) {
    throw refusal(findings, 'Cannot upload certificate: it would break what uses it')
  }
  const { normalizedPem } = inspected
  if (normalizedPem === null) {
    throw refusal(findings, 'Cannot upload certificate: there is nothing whole to send')
  }
  const errors = findings.filter(({ severity }) => severity === 'error')
  return {
    pem: normalizedPem,
    bundle: await describeBundle(services.inspector, normalizedPem),
    findings,
    overridden: [...new Set(errors.map(({ code }) => code))],
  }
}

/** Judges a bundle for whoever asks; nothing is sent or kept. */
export function inspectBundle(
  services: Services,
  request: Omit<BundleRequest, 'at'> & { readonly at?: number },
): Promise<BundleInspection> {
  return services.inspector.inspect({ at: services.clock.now(), ...request })
}

/** Authorities of every kind are judged alike. */
export function bundlePurpose(purpose: CertificatePurpose): BundlePurpose {
  return purpose === 'server-ca' ? 'trusted-ca' : purpose
}

function hostOf({ bound }: OpenConnection): string {
  return new URL(bound.origin.baseUrl).hostname.replace(/^\[(.*)\]$/, '$1')
}

function aboutHostOnlyTold({ findings }: BundleInspection): {
  readonly verdict: Verdict
  readonly findings: readonly BundleFinding[]
} {
  const told = findings.map((finding) =>
    HOST_CODES.has(finding.code) ? { ...finding, severity: 'warning' as const } : finding,
  )
  const has = (severity: BundleFinding['severity']) =>
    told.some((each) => each.severity === severity)
  return { verdict: has('error') ? 'fail' : has('warning') ? 'warn' : 'pass', findings: told }
}

function refusal(findings: readonly BundleFinding[], detail: string): Fault {
  const [first] = findings.filter(({ severity }) => severity === 'error')
  const why = first === undefined ? '' : `. ${first.message}`
  return new Fault('certificate_invalid', `${detail}${why}`, { findings })
}
