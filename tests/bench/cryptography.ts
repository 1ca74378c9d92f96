import { createHash, createPublicKey } from 'node:crypto'
import { type Bytes, importPublicKey } from '@latchkey/crypto'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'
import { readKey, type Scheme, validatePath, verifySignature } from '@latchkey/x509'
import {
  commonName,
  dns,
  extension,
  generalNames,
  mintAuthority,
  mintLeaf,
  mintRoot,
} from '@latchkey/x509/testing'
import { Certificate, CertificateChainValidationEngine } from 'pkijs'
import { validFor } from '../api/harness/certificates.ts'
import { race, type Work } from './race.ts'
import type { Bench, Row } from './table/row.ts'

const HOST = 'pbx.example.com'
const LIFETIME_DAYS = 90
/** Strict reading in JavaScript, repairs and soundness included, against parsing alone in C. */
const KEY_BOUND = 0.25
/** As fast as one that judges less, but for what a busy machine makes of two equal figures. */
const PATH_BOUND = 0.85
/** What is added to the runtime's own import and check is reading the signature and writing the key. */
const SIGNATURE_BOUND = 0.5

/**
 * Reading keys, validating paths and checking signatures, on Node, one after the other: against `node:crypto`, another
 * validator of paths, and the runtime’s WebCrypto.
 */
export const benchCryptography: Bench = async (say) => {
  say('reading keys, validating paths and checking signatures, in turns')
  return [
    ...(await compare('key', 'Reading a public key, its fingerprint included', {
      against: 'node:crypto',
      bound: KEY_BOUND,
      ours: () => importPublicKey(FIXTURE_PEM),
      theirs: () => {
        const spki = createPublicKey(FIXTURE_PEM).export({ type: 'spki', format: 'der' })
        return createHash('sha256').update(spki).digest('hex')
      },
    })),
    ...(await comparePaths()),
    ...(await compareSignatures('rsa', RSA)),
    ...(await compareSignatures('ecdsa', ECDSA)),
  ]
}

interface Comparison {
  readonly against: string
  readonly bound: number
  readonly ours: Work
  readonly theirs: Work
}

async function compare(
  name: string,
  what: string,
  { against, bound, ours, theirs }: Comparison,
): Promise<readonly Row[]> {
  const rates = await race({ ours, theirs })
  const row = { unit: '/s', bound: null, direction: 'at least' } as const
  const id = `cryptography/${name}`
  return [
    {
      id,
      what: `${what}, against ${against}`,
      value: rates.ours / rates.theirs,
      unit: '×',
      bound,
      direction: 'at least',
    },
    { ...row, id: `${id}/latchkey`, what, value: rates.ours },
    { ...row, id: `${id}/other`, what: `The same by ${against}`, value: rates.theirs },
  ]
}

async function comparePaths(): Promise<readonly Row[]> {
  const root = await mintRoot({ name: commonName('Root'), ...validFor(LIFETIME_DAYS) })
  const authority = await mintAuthority(root, {
    name: commonName('Authority'),
    ...validFor(LIFETIME_DAYS),
  })
  const leaf = await mintLeaf(authority, {
    name: commonName(HOST),
    ...validFor(LIFETIME_DAYS),
    extensions: {
      subjectAlternativeName: extension('subjectAlternativeName', generalNames(dns(HOST))),
    },
  })
  return compare('path', 'Validating a path of three certificates', {
    against: 'pkijs',
    bound: PATH_BOUND,
    async ours() {
      const { ok } = await validatePath({
        leaf: leaf.der,
        intermediates: [authority.der],
        anchors: [root.der],
        profile: 'rfc5280',
        purpose: 'serverAuth',
        at: Date.now(),
      })
      if (!ok) throw new Error('Cannot compare: the path is refused')
    },
    async theirs() {
      const engine = new CertificateChainValidationEngine({
        certs: [authority, leaf].map(({ der }) => Certificate.fromBER(der)),
        trustedCerts: [Certificate.fromBER(root.der)],
        checkDate: new Date(),
      })
      const { result } = await engine.verify()
      if (!result) throw new Error('Cannot compare: the path is refused')
    },
  })
}

interface SignatureCase {
  readonly name: string
  readonly scheme: Scheme
  readonly generate: RsaHashedKeyGenParams | EcKeyGenParams
  readonly sign: AlgorithmIdentifier | EcdsaParams
  /** WebCrypto’s signatures as certificates hold them. */
  readonly encode: (signature: Bytes) => Bytes
}

const RSA: SignatureCase = {
  name: 'RSA-2048 with SHA-256',
  scheme: { kind: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  generate: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  },
  sign: { name: 'RSASSA-PKCS1-v1_5' },
  encode: (signature) => signature,
}

const ECDSA: SignatureCase = {
  name: 'ECDSA on P-256',
  scheme: { kind: 'ECDSA', hash: 'SHA-256' },
  generate: { name: 'ECDSA', namedCurve: 'P-256' },
  sign: { name: 'ECDSA', hash: 'SHA-256' },
  encode: (signature) => ecdsaSignature(signature),
}

async function compareSignatures(
  id: string,
  { name, scheme, generate, sign, encode }: SignatureCase,
): Promise<readonly Row[]> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(generate, true, [
    'sign',
    'verify',
  ])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
  const data = new Uint8Array(1024)
  const raw = new Uint8Array(await crypto.subtle.sign(sign, privateKey, data))
  const [key, signature] = [readKey(spki), encode(raw)]
  return compare(`signature-${id}`, `Checking a signature by ${name}, by a key met once`, {
    against: 'WebCrypto',
    bound: SIGNATURE_BOUND,
    async ours() {
      if (!(await verifySignature(scheme, key, signature, data))) throw new Error('It is refused')
    },
    async theirs() {
      const imported = await crypto.subtle.importKey('spki', spki, generate, false, ['verify'])
      if (!(await crypto.subtle.verify(sign, imported, raw, data))) throw new Error('It is refused')
    },
  })
}

/** Ecdsa-Sig-Value (RFC 3279 §2.2.3) of both numbers side by side. */
function ecdsaSignature(raw: Bytes): Bytes {
  const half = raw.length / 2
  const numbers = [raw.subarray(0, half), raw.subarray(half)].map((number) => {
    const start = number.findIndex((byte) => byte !== 0)
    const digits = [...number.subarray(start)]
    // A first bit that is set would make it negative.
    const content = (digits[0] ?? 0) > 127 ? [0, ...digits] : digits
    return [2, content.length, ...content]
  })
  const content = numbers.flat()
  return Uint8Array.from([0x30, content.length, ...content])
}
