import { nameText } from '../names/text.ts'
import { namesOtherKey } from '../path/checks/key-identifiers.ts'
import type { Certificate } from '../read/certificate.ts'
import { buildChain, type Chain } from './chain.ts'
import { note, type Note } from './findings.ts'
import { judgeCertificate, judgeHost } from './judge.ts'
import { matchKey, readKeys } from './key.ts'
import { findLeaf, isAuthority } from './leaf.ts'
import type { Material, Plan } from './plan.ts'
import type { BundleRules } from './rules.ts'
import { judgeTrust } from './trust.ts'

/** A server's certificate with its key and issuers, in order. */
export async function planServer(material: Material): Promise<Plan> {
  const { text, rules, at, hostname } = material
  const read = await readKeys(material.privateKeys, material.passphrase)
  const leaf = findLeaf(text.certificates, read.keys, at)
  if (leaf === undefined) return { bundle: [], key: null, isWhole: false, notes: read.notes }
  const { key, notes } = await matchKey(read, leaf, rules.needsPrivateKey)
  const chain = await buildChain(leaf, text.certificates, at)
  const root =
    chain.endsAtRoot && chain.certificates.length > 1 ? chain.certificates.at(-1) : undefined
  const bundle = chain.certificates.filter((each) => rules.keepsRoot || each !== root)
  const judging = { at, marginDays: rules.marginDays, isServer: true }
  return {
    bundle,
    key,
    isWhole: key !== null || !rules.needsPrivateKey,
    notes: [
      ...notes,
      ...bundle.flatMap((each, index) => {
        const above = each === root ? 'anchor' : 'intermediate'
        return judgeCertificate(each, index === 0 ? 'leaf' : above, judging)
      }),
      ...(hostname === undefined ? [] : judgeHost(leaf, hostname)),
      ...judgeLeaf(leaf, chain),
      ...judgeLinks(bundle),
      ...judgeLength(chain, root, rules),
      ...describeOrder(material, bundle, root),
      ...dropUnrelated(text.certificates, chain),
      ...(await judgeTrust(chain, material.roots, at)),
    ],
  }
}

function judgeLeaf(leaf: Certificate, chain: Chain): readonly Note[] {
  const notes: Note[] = []
  const isSelfSigned = chain.endsAtRoot && chain.certificates.length === 1
  if (isSelfSigned) {
    const message =
      'The certificate is signed by itself; clients trust it only where it is installed'
    notes.push(note('warning', 'self_signed_leaf', message, leaf))
  }
  if (isAuthority(leaf)) {
    // A server that signs itself is often made as an authority, and served by everybody.
    const severity = isSelfSigned ? 'warning' : 'error'
    const message =
      'The certificate is that of an authority; send the one that it issued to the server'
    notes.push(note(severity, 'ca_as_leaf', message, leaf))
  }
  if ((leaf.extensions.subjectAlternativeName ?? []).length === 0) {
    const message = 'The certificate has no subjectAltName, and common names no longer count'
    notes.push(note('warning', 'subject_alternative_name_missing', message, leaf))
  }
  return notes
}

/** OpenSSL looks for no issuer but the one whose key is named, whoever signed. */
function judgeLinks(bundle: readonly Certificate[]): readonly Note[] {
  return bundle.slice(1).flatMap((issuer, index) => {
    const child = bundle[index]
    if (child === undefined || !namesOtherKey(child, issuer)) return []
    const message =
      'The certificate has another subjectKeyIdentifier than what it signed names; send the issuer as it was issued'
    return [note('error', 'key_identifier_mismatch', message, issuer)]
  })
}

function judgeLength(
  { certificates, endsAtRoot, impostor }: Chain,
  root: Certificate | undefined,
  { needsIntermediate, maxCertificates }: BundleRules,
): readonly Note[] {
  const notes: Note[] = []
  const last = certificates.at(-1)
  if (impostor !== null) {
    const message =
      'The certificate has the name of the issuer, but its key did not sign; send the issuer with the other key'
    notes.push(note('error', 'signature_invalid', message, impostor))
  }
  const intermediates = certificates.slice(1).filter((each) => each !== root).length
  if (needsIntermediate && intermediates === 0) {
    const message = `No intermediate certificate is there; ${adviceFor(last)}`
    notes.push(note('error', 'intermediate_missing', message))
  } else if (certificates.length === 1 && !endsAtRoot) {
    const message = `The certificate of the issuer is not there; ${adviceFor(last)}`
    notes.push(note('warning', 'chain_incomplete', message, last))
  }
  if (certificates.length > maxCertificates) {
    const message = `The chain has ${certificates.length} certificates, expected at most ${maxCertificates}`
    notes.push(note('error', 'too_many_certificates', message))
  }
  return notes
}

function adviceFor(last: Certificate | undefined): string {
  const [where] = last?.extensions.access?.caIssuers ?? []
  const issuer = last === undefined ? 'the issuer' : nameText(last.issuer)
  const source = where === undefined ? '' : `, to be found at ${where}`
  return `add that of ${issuer}${source}`
}

function describeOrder(
  { text, rules }: Material,
  bundle: readonly Certificate[],
  root: Certificate | undefined,
): readonly Note[] {
  const notes: Note[] = []
  if (root !== undefined && !rules.keepsRoot) {
    const message = 'The root was left out: who trusts it has it already'
    notes.push(note('repaired', 'root_dropped', message, root))
  }
  const given = text.certificates.filter((each) => bundle.includes(each))
  const isMoved = given.some((each, index) => each !== bundle[index])
  if (isMoved || (text.keyIsBehind && rules.keyPlace === 'first')) {
    const message = 'The bundle was put in order: the leaf, then each issuer, the key in its place'
    notes.push(note('repaired', 'reordered', message))
  }
  return notes
}

function dropUnrelated(
  all: readonly Certificate[],
  { certificates, impostor }: Chain,
): readonly Note[] {
  return all
    .filter((each) => !certificates.includes(each) && each !== impostor)
    .map((each) => {
      const message = `${nameText(each.subject) || 'A certificate without a name'} is no part of the chain and was left out`
      return note('warning', 'unrelated_dropped', message, each)
    })
}
