import type { Instant } from '@latchkey/core'
import { type Bytes, encodePem } from '@latchkey/crypto'
import { type CertificateDescription, describeCertificate } from '../describe/describe.ts'
import { planAuthorities } from './authorities.ts'
import { type BundleFinding, note, type Note } from './findings.ts'
import type { Material, Plan } from './plan.ts'
import { readBundleText } from './read.ts'
import { BUNDLE_RULES, type BundlePurpose, type BundleRules } from './rules.ts'
import { planServer } from './server.ts'

export interface BundleRequest {
  /** Certificates, and possibly the private key, in PEM that may be mangled. */
  readonly pem: string
  readonly privateKey?: string
  readonly passphrase?: string
  readonly purpose: BundlePurpose
  /** What the receiver wants other than is usual for the purpose. */
  readonly rules?: Partial<BundleRules>
  /** A host or an address that a server's certificate has to be for. */
  readonly hostname?: string
  /** PEM of those that are trusted; without them an unknown anchor is but a warning. */
  readonly roots?: string
  readonly at: Instant
}

export interface Inspection {
  readonly verdict: 'pass' | 'warn' | 'fail'
  readonly findings: readonly BundleFinding[]
  /** Those of the bundle in its order, then those that were left out. */
  readonly certificates: readonly CertificateDescription[]
  /** Strict PEM in the order that is asked for, with the private key where it belongs; null where it is not whole. */
  readonly normalizedPem: string | null
  /** The private key that matches the leaf, as PKCS#8 in DER. */
  readonly privateKeyPkcs8: Bytes | null
}

/** Blocks of a text; a long chain with its root and key, several times over. */
const MAX_BLOCKS = 64

/**
 * Makes a PEM text a bundle that a receiver takes, or tells why it is none: what was mended, what may matter to some,
 * and what is refused. A certificate is judged by RFC 5280, strictly where software at large is. Never throws for what
 * the text is, and asks nobody: the time is handed in as `at`.
 */
export async function inspectBundle(request: BundleRequest): Promise<Inspection> {
  const { pem, privateKey, purpose, at } = request
  const rules = { ...BUNDLE_RULES[purpose], ...request.rules }
  const text = readBundleText(pem, MAX_BLOCKS)
  const given = privateKey === undefined || privateKey.trim() === '' ? [] : [privateKey]
  const material: Material = {
    text,
    privateKeys: [...given, ...text.privateKeys],
    passphrase: request.passphrase,
    hostname: request.hostname,
    roots: request.roots,
    at,
    rules,
  }
  const plan = await (rules.wantsCa ? planAuthorities : planServer)(material)
  const others = text.certificates.filter((each) => !plan.bundle.includes(each))
  const all = [...plan.bundle, ...others]
  const notes = [...text.notes, ...judgeText(material), ...plan.notes]
  return {
    verdict: verdictOf(notes),
    findings: notes.map(({ about, ...finding }) => {
      const certificate = about === undefined ? -1 : all.indexOf(about)
      return certificate === -1 ? finding : { ...finding, certificate }
    }),
    certificates: await Promise.all(all.map(({ der }) => describeCertificate(der))),
    normalizedPem: plan.isWhole && plan.bundle.length > 0 ? writeBundle(plan, rules) : null,
    privateKeyPkcs8: plan.key?.pkcs8 ?? null,
  }
}

function judgeText({ text, rules }: Material): readonly Note[] {
  const notes: Note[] = []
  if (text.certificates.length === 0 && !text.notes.some(({ severity }) => severity === 'error')) {
    const message = 'Cannot find a certificate; send it as PEM, from BEGIN CERTIFICATE on'
    notes.push(note('error', 'no_certificate', message))
  }
  if (text.isPrivateAround && (rules.wantsCa || text.privateKeys.length === 0)) {
    const message =
      'The text around the blocks may hold a private key; it was left out, and should not be sent'
    notes.push(note('warning', 'private_key_suspected', message))
  }
  return notes
}

function verdictOf(notes: readonly Note[]): Inspection['verdict'] {
  const has = (wanted: Note['severity']) => notes.some(({ severity }) => severity === wanted)
  if (has('error')) return 'fail'
  return has('warning') ? 'warn' : 'pass'
}

function writeBundle({ bundle, key }: Plan, { keyPlace }: BundleRules): string {
  const certificates = bundle.map(({ der }) => encodePem('CERTIFICATE', der))
  const keys = key === null ? [] : [encodePem('PRIVATE KEY', key.pkcs8)]
  if (keyPlace === 'apart') return certificates.join('')
  return (keyPlace === 'first' ? [...keys, ...certificates] : [...certificates, ...keys]).join('')
}
