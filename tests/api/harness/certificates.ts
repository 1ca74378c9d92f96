import { DAY } from '@latchkey/core'
import { type Bytes, encodePem, fingerprintOf } from '@latchkey/crypto'
import {
  type Changes,
  commonName,
  dns,
  extension,
  generalNames,
  generateKeys,
  ip,
  type Keys,
  mintAuthority,
  mintLeaf,
  mintRoot,
  utcTime,
} from '@latchkey/x509/testing'
import { armour } from './keys.ts'

/** Of the sandbox. */
export const SANDBOX_ADDRESS = '127.0.0.1'
const LIFETIME_DAYS = 90

export interface TestChain {
  /** PEM of each. */
  readonly root: string
  readonly authority: string
  readonly leaf: string
  /** PKCS#8 PEM of the leaf's key. */
  readonly key: string
  /** Leaf, authority. */
  readonly chain: string
  /** Key, leaf, authority: what an On-Premises deployment wants, and a PBX takes. */
  readonly bundle: string
  /** Of the leaf. */
  readonly fingerprint: string
}

export interface ChainOptions {
  /** The leaf's name. */
  readonly host?: string
  /** Days from now until the leaf ends; less than 0 for one that has ended. */
  readonly days?: number
  /** Whether it is for the sandbox's own address too; it is, where left out. */
  readonly addressed?: boolean
  /** What is to differ in the leaf. */
  readonly changes?: Changes
}

/** A server's certificate for a host, under an authority under a root. */
export async function mintChain({
  host = 'pbx.example.com',
  days = LIFETIME_DAYS,
  addressed = true,
  changes = {},
}: ChainOptions = {}): Promise<TestChain> {
  const root = await mintRoot({ name: commonName('Test Root'), ...validFor(LIFETIME_DAYS * 10) })
  const authority = await mintAuthority(root, {
    name: commonName('Test Authority'),
    ...validFor(LIFETIME_DAYS * 5),
  })
  const names = generalNames(dns(host), ...(addressed ? [ip(SANDBOX_ADDRESS)] : []))
  const keys = await generateKeys()
  const leaf = await mintLeaf(authority, {
    keys,
    name: commonName(host),
    ...validFor(days),
    ...changes,
    extensions: {
      subjectAlternativeName: extension('subjectAlternativeName', names),
      ...changes.extensions,
    },
  })
  const pem = { authority: pemOf(authority.der), leaf: pemOf(leaf.der), key: await keyPem(keys) }
  return {
    ...pem,
    root: pemOf(root.der),
    chain: pem.leaf + pem.authority,
    bundle: pem.key + pem.leaf + pem.authority,
    fingerprint: await fingerprintOf(leaf.der),
  }
}

export interface TestAuthority {
  readonly pem: string
  /** PKCS#8 PEM. */
  readonly key: string
  readonly fingerprint: string
}

/** A root to be trusted. */
export async function mintTrusted(name = 'Company Root'): Promise<TestAuthority> {
  const keys = await generateKeys()
  const { der } = await mintRoot({
    keys,
    name: commonName(name),
    ...validFor(LIFETIME_DAYS * 10),
  })
  return { pem: pemOf(der), key: await keyPem(keys), fingerprint: await fingerprintOf(der) }
}

export function pemOf(der: Bytes): string {
  return encodePem('CERTIFICATE', der)
}

export async function keyPem({ privateKey }: Keys): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey)
  return armour('PRIVATE KEY', new Uint8Array(pkcs8))
}

/** From two days ago until so many days from now; less than 0 for what has ended. */
export function validFor(days: number): Pick<Changes, 'notBefore' | 'notAfter'> {
  const now = Date.now()
  return {
    notBefore: timeOf(Math.min(now, now + days * DAY) - 2 * DAY),
    notAfter: timeOf(now + days * DAY),
  }
}

/** YYMMDDHHMMSSZ (RFC 5280 §4.1.2.5.1). */
function timeOf(at: number): Bytes {
  return utcTime(`${new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14)}Z`)
}
