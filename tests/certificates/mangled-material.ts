import {
  commonName,
  dns,
  extension,
  generalNames,
  generateKeys,
  ip,
  mintAuthority,
  mintLeaf,
  mintRoot,
  SIGNINGS,
} from '@latchkey/x509/testing'
import { keyPem, pemOf, SANDBOX_ADDRESS, validFor } from '../api/harness/certificates.ts'
import { openssl } from '../support/openssl.ts'

export const ALGORITHMS = ['ec', 'rsa'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export const PASSPHRASE = 'a-passphrase'

/** How the same private key may be written. */
export const KEY_FORMS = ['PKCS#8', 'traditional', 'encrypted PKCS#8', 'legacy encryption'] as const
export type KeyForm = (typeof KEY_FORMS)[number]

/** PEM of everything that a bundle of one algorithm is put together from: leaf, lower, upper, root. */
export interface Material {
  readonly keys: Readonly<Record<KeyForm, string>>
  readonly leaf: string
  readonly endedLeaf: string
  readonly lower: string
  readonly endedLower: string
  readonly upper: string
  readonly root: string
  /** Of another server. */
  readonly strayKey: string
  readonly strayLeaf: string
}

const SIGNING = { ec: SIGNINGS.p256, rsa: SIGNINGS.rsa } as const

const PASSES = `-passout pass:${PASSPHRASE}`
/** PKCS#1 (RFC 8017) or SEC1 (RFC 5915), and the same under legacy encryption (RFC 1421). */
const TRADITIONAL = { ec: 'ec', rsa: 'rsa -traditional' } as const
const LEGACY = { ec: `ec -aes128 ${PASSES}`, rsa: `rsa -traditional -des3 ${PASSES}` } as const

export async function mintMaterial(algorithm: Algorithm): Promise<Material> {
  const fresh = () => generateKeys(SIGNING[algorithm])
  const [ended, sound, long] = [validFor(-1), validFor(60), validFor(900)]
  const root = await mintRoot({ keys: await fresh(), name: commonName('Root'), ...long })
  const upper = await mintAuthority(root, {
    keys: await fresh(),
    name: commonName('Upper'),
    ...long,
  })
  const lowerIs = { keys: await fresh(), name: commonName('Lower') }
  const lower = await mintAuthority(upper, { ...lowerIs, ...long })
  const endedLower = await mintAuthority(upper, { ...lowerIs, ...ended })
  const names = generalNames(dns('wa.example.com'), ip(SANDBOX_ADDRESS))
  const keys = await fresh()
  const leafIs = {
    keys,
    name: commonName('wa.example.com'),
    extensions: { subjectAlternativeName: extension('subjectAlternativeName', names) },
  }
  const leaf = await mintLeaf(lower, { ...leafIs, ...sound })
  const endedLeaf = await mintLeaf(lower, { ...leafIs, ...ended })
  const strayKeys = await fresh()
  const stray = { keys: strayKeys, name: commonName('stray.example.com'), ...sound }
  return {
    keys: writeKey(algorithm, await keyPem(keys)),
    leaf: pemOf(leaf.der),
    endedLeaf: pemOf(endedLeaf.der),
    lower: pemOf(lower.der),
    endedLower: pemOf(endedLower.der),
    upper: pemOf(upper.der),
    root: pemOf(root.der),
    strayKey: await keyPem(strayKeys),
    strayLeaf: pemOf((await mintLeaf(root, stray)).der),
  }
}

function writeKey(algorithm: Algorithm, pkcs8: string): Record<KeyForm, string> {
  const write = (command: string) => openssl(command, pkcs8)
  return {
    'PKCS#8': pkcs8,
    traditional: write(TRADITIONAL[algorithm]),
    'encrypted PKCS#8': write(`pkcs8 -topk8 -v2 aes-256-cbc ${PASSES}`),
    'legacy encryption': write(LEGACY[algorithm]),
  }
}
