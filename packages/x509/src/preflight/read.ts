import { Fault } from '@latchkey/core'
import {
  type Bytes,
  EncodingError,
  type PemPart,
  type PemParts,
  readElements,
  readPemParts,
  type RepairCode,
} from '@latchkey/crypto'
import { equalBytes } from '../read/bytes.ts'
import { type Certificate, readCertificate } from '../read/certificate.ts'
import { note, type Note } from './findings.ts'
import { repairNotes } from './repairs.ts'

/** A text's certificates as they stand in it, each once, and its private keys unread. */
export interface BundleText {
  readonly certificates: readonly Certificate[]
  /** PEM or base64. */
  readonly privateKeys: readonly string[]
  /** Whether what stands around the blocks may hold a private key. */
  readonly isPrivateAround: boolean
  /** Whether a private key stands behind a certificate. */
  readonly keyIsBehind: boolean
  readonly notes: readonly Note[]
}

/** Characters; ten certificates with everything that tools print around them. */
const MAX_TEXT = 262_144

const CERTIFICATE_LABELS: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'X509CERTIFICATE',
  'TRUSTEDCERTIFICATE',
])

/** What OpenSSL puts before an EC key; the key names its curve itself. */
const EC_PARAMETERS = 'ECPARAMETERS'

/** What to do about a block that people take for a certificate. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'CERTIFICATEREQUEST',
    'a certificate request is what an authority is sent; send the certificate that it answered',
  ],
  [
    'NEWCERTIFICATEREQUEST',
    'a certificate request is what an authority is sent; send the certificate that it answered',
  ],
  ['PKCS7', 'take the certificates out of PKCS#7 with openssl pkcs7 -print_certs'],
  ['CMS', 'take the certificates out of CMS with openssl pkcs7 -print_certs'],
])

/** Takes a text apart. Nothing of it throws: what cannot be read is a note. */
export function readBundleText(text: string, limit: number, maxText = MAX_TEXT): BundleText {
  if (text.length > maxText) {
    const message = `Cannot read bundle: it has ${text.length} characters, expected at most ${maxText}`
    return empty(note('error', 'text_too_large', message))
  }
  try {
    return readParts(readPemParts(text, limit))
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return empty(note('error', 'pem_malformed', `${cause.message}; paste each block whole`))
  }
}

function empty(why: Note): BundleText {
  const nothing = { certificates: [], privateKeys: [], keyIsBehind: false }
  return { ...nothing, isPrivateAround: false, notes: [why] }
}

function readParts({ parts, repairs, isPrivateAround }: PemParts): BundleText {
  const certificates: Certificate[] = []
  const privateKeys: string[] = []
  const notes: Note[] = []
  const found = new Set<RepairCode>(repairs)
  let keyIsBehind = false
  for (const part of parts) {
    if (part.isPrivate) {
      privateKeys.push(part.text)
      keyIsBehind ||= certificates.length > 0
      continue
    }
    const read = readPart(part)
    if (!('certificate' in read)) {
      notes.push(...read.notes)
      continue
    }
    const { certificate } = read
    if (part.label !== '' && !CERTIFICATE_LABELS.has(part.label)) found.add('mislabelled_block')
    const known = certificates.find(({ der }) => equalBytes(der, certificate.der))
    if (known === undefined) certificates.push(certificate)
    else notes.push(note('repaired', 'duplicate_dropped', 'A second copy was left out', known))
  }
  return {
    certificates,
    privateKeys,
    isPrivateAround,
    keyIsBehind,
    notes: [...repairNotes(found), ...notes],
  }
}

function readPart({
  label,
  bytes,
}: PemPart): { readonly certificate: Certificate } | { readonly notes: readonly Note[] } {
  const isLabelled = label === '' || CERTIFICATE_LABELS.has(label)
  try {
    if (bytes === null) throw new EncodingError('its block is not base64')
    return { certificate: readCertificate(withoutTrust(bytes, label)) }
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause
    if (!isLabelled) return { notes: dropped(label) }
    const message = `Cannot read certificate: ${cause.message}; export it again as PEM`
    return { notes: [note('error', 'certificate_malformed', message)] }
  }
}

/** OpenSSL appends its own trust settings to a certificate under a label of its own. */
function withoutTrust(bytes: Bytes, label: string): Bytes {
  if (label !== 'TRUSTEDCERTIFICATE') return bytes
  const [certificate] = readElements(bytes)
  return certificate?.raw ?? bytes
}

function dropped(label: string): readonly Note[] {
  if (label === EC_PARAMETERS) return []
  const advice = ADVICE.get(label)
  const message = `A block of type ${label} was left out`
  return advice === undefined
    ? [note('repaired', 'other_blocks_dropped', message)]
    : [note('warning', 'other_blocks_dropped', `${message}: ${advice}`)]
}
