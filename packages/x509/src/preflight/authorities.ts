import type { Certificate } from '../read/certificate.ts'
import { isRoot, issuedBy } from './chain.ts'
import { note, type Note } from './findings.ts'
import { judgeCertificate } from './judge.ts'
import { isAuthority } from './leaf.ts'
import type { Material, Plan } from './plan.ts'

/** Authorities to trust, in the order in which they were given. */
export async function planAuthorities({ text, privateKeys, rules, at }: Material): Promise<Plan> {
  const { certificates: bundle } = text
  const notes: Note[] = []
  if (privateKeys.length > 0) {
    const message =
      'A private key is there, and whoever trusts an authority needs none; send the certificates alone'
    notes.push(note('error', 'private_key_forbidden', message))
  }
  if (bundle.length > rules.maxCertificates) {
    const message = `There are ${bundle.length} certificates, expected at most ${rules.maxCertificates}`
    notes.push(note('error', 'too_many_certificates', message))
  }
  for (const certificate of bundle) {
    notes.push(...(await judgeAuthority(certificate, bundle, { at, marginDays: rules.marginDays })))
  }
  return { bundle, key: null, isWhole: true, notes }
}

async function judgeAuthority(
  certificate: Certificate,
  bundle: readonly Certificate[],
  when: { readonly at: number; readonly marginDays: number },
): Promise<readonly Note[]> {
  const root = await isRoot(certificate)
  const judged = judgeCertificate(certificate, 'anchor', { ...when, isServer: false })
  if (root && !isAuthority(certificate)) {
    // A server that signs itself may be trusted by itself, and is no authority for anybody else.
    return judged.map((each) =>
      each.code === 'not_a_ca' ? { ...each, severity: 'warning' as const } : each,
    )
  }
  if (root || !isAuthority(certificate) || (await hasIssuer(certificate, bundle))) return judged
  const message =
    'The authority is an intermediate; some trust it only together with its root, so add the root'
  return [...judged, note('warning', 'chain_incomplete', message, certificate)]
}

async function hasIssuer(child: Certificate, bundle: readonly Certificate[]): Promise<boolean> {
  for (const other of bundle) {
    if (other !== child && (await issuedBy(child, other)) === 'yes') return true
  }
  return false
}
