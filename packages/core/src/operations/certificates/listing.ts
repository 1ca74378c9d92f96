import type { Sighting } from '../../certificate/observe.ts'
import type { CertificateDetails, PublicBundle } from '../../certificate/state.ts'
import type { CertificateInspector, CertificateDescription } from '../../certificate/inspector.ts'
import { Fault, isFault } from '../../fault/fault.ts'
import type { CertificateKind, ListedCertificate } from '../../provider/certificates.ts'
import { callHeld, type Hold } from './hold.ts'

/** Pages read at most: an upstream whose list never ends must not keep us for ever. */
const PAGES_MAX = 20
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g

/** All that the upstream lists for a purpose. @throws Fault upstream_* */
export async function listCertificates(
  hold: Hold,
  { purpose }: CertificateKind,
): Promise<readonly ListedCertificate[]> {
  const listed: ListedCertificate[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const input = { purpose, cursor }
    const read: { certificates: readonly ListedCertificate[]; nextCursor: string | null } =
      await callHeld(hold, 'certificate.list', input)
    listed.push(...read.certificates)
    cursor = read.nextCursor
    if (cursor === null) return listed
  }
  throw new Fault('upstream_malformed', `Cannot list certificates: more than ${PAGES_MAX} pages`)
}

/** A listed certificate with what its PEM says, where the upstream gives it and it can be read. */
export async function sight(
  inspector: CertificateInspector,
  listed: ListedCertificate,
): Promise<Sighting> {
  const { pem } = listed
  return { listed, bundle: pem === null ? null : await describeBundle(inspector, pem) }
}

/** The certificates of canonical PEM, without what else stands in it; null where there is none that can be read. */
export async function describeBundle(
  inspector: CertificateInspector,
  pem: string,
): Promise<PublicBundle | null> {
  const blocks = pem.match(CERTIFICATE_BLOCK) ?? []
  try {
    const all: CertificateDescription[] = []
    for (const block of blocks) all.push(await inspector.describe(block))
    const details = detailsOf(all)
    return details === null ? null : { details, pem: blocks.join('') }
  } catch (error) {
    if (!isFault(error)) throw error
    return null
  }
}

function detailsOf(certificates: readonly CertificateDescription[]): CertificateDetails | null {
  const [first] = certificates
  if (first === undefined) return null
  return {
    subject: first.subject,
    issuer: first.issuer,
    subjectAlternativeNames: first.subjectAlternativeNames.map(({ value }) => value),
    notBefore: first.notBefore,
    notAfter: Math.min(...certificates.map(({ notAfter }) => notAfter)),
    fingerprint: first.fingerprint,
  }
}
