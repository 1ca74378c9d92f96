import type { Bytes } from '@latchkey/crypto'
import {
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  extension,
  generalNames,
  keyUsage,
  SERVER_AUTH,
} from './extensions.ts'
import { bitString, explicit, integer, sequence, utcTime } from './der.ts'
import { generateKeys, keyIdentifierOf, type Keys, signatureOver } from './keys.ts'
import { commonName, dns } from './names.ts'

/** When the certificates of tests are judged: in the middle of the time that they are valid. */
export const NOW = Date.UTC(2027, 0, 15)

export interface Minted {
  readonly der: Bytes
  readonly name: Bytes
  readonly keys: Keys
  readonly keyIdentifier: Bytes
}

/** What of a certificate is to differ from a sound one. */
export interface Changes {
  readonly name?: Bytes
  readonly keys?: Keys
  /** Replaces the subjectPublicKeyInfo alone: the keys stay what is signed with. */
  readonly spki?: Bytes
  readonly serial?: Bytes
  readonly version?: Bytes | null
  readonly notBefore?: Bytes
  readonly notAfter?: Bytes
  /** By name: null leaves a usual one out, DER replaces it or adds another. */
  readonly extensions?: Readonly<Record<string, Bytes | null>>
  /** Spelled by the issuer in another way than the issuer spells itself. */
  readonly issuerName?: Bytes
  /** The algorithm that is named inside of what is signed. */
  readonly innerAlgorithm?: Bytes
}

type Usual = Readonly<Record<string, Bytes | null>>

/** A root as CABF BR §7.1.2.1 has it. */
export async function mintRoot(changes: Changes = {}): Promise<Minted> {
  const keys = changes.keys ?? (await generateKeys())
  const name = changes.name ?? commonName('Root')
  const keyIdentifier = await keyIdentifierOf(keys)
  return mint({ name, keys, keyIdentifier }, authority(keyIdentifier), { ...changes, name, keys })
}

/** An authority below another (CABF BR §7.1.2.6). */
export async function mintAuthority(issuer: Minted, changes: Changes = {}): Promise<Minted> {
  const keys = changes.keys ?? (await generateKeys())
  const usual = {
    ...authority(await keyIdentifierOf(keys)),
    authorityKeyIdentifier: identifies(issuer),
  }
  return mint(issuer, usual, { name: commonName('Intermediate'), ...changes, keys })
}

/** The certificate of the server `example.com` (CABF BR §7.1.2.7). */
export function mintLeaf(issuer: Minted, changes: Changes = {}): Promise<Minted> {
  const usual = {
    authorityKeyIdentifier: identifies(issuer),
    keyUsage: extension('keyUsage', keyUsage('digitalSignature'), true),
    extendedKeyUsage: extension('extendedKeyUsage', extendedKeyUsage(SERVER_AUTH)),
    subjectAlternativeName: extension(
      'subjectAlternativeName',
      generalNames(dns('example.com')),
      // It has no other name unless a test gives it one.
      changes.name === undefined,
    ),
  }
  return mint(issuer, usual, { name: sequence(), ...changes })
}

function authority(keyIdentifier: Bytes): Usual {
  return {
    basicConstraints: extension('basicConstraints', basicConstraints(true), true),
    keyUsage: extension('keyUsage', keyUsage('keyCertSign', 'cRLSign'), true),
    subjectKeyIdentifier: extension('subjectKeyIdentifier', octets(keyIdentifier)),
  }
}

const octets = (content: Bytes): Bytes => Uint8Array.of(0x04, content.length, ...content)

const identifies = ({ keyIdentifier }: Pick<Minted, 'keyIdentifier'>): Bytes =>
  extension('authorityKeyIdentifier', authorityKeyIdentifier(keyIdentifier))

async function mint(
  issuer: Omit<Minted, 'der'>,
  usual: Usual,
  changes: Changes & { readonly name: Bytes },
): Promise<Minted> {
  const keys = changes.keys ?? (await generateKeys())
  const { identifier } = issuer.keys.signing
  const extensions = Object.values({ ...usual, ...changes.extensions }).filter(
    (each) => each !== null,
  )
  const version = changes.version === undefined ? explicit(0, integer(2)) : changes.version
  const tbs = sequence(
    ...(version === null ? [] : [version]),
    changes.serial ?? integer(0x1234),
    changes.innerAlgorithm ?? identifier,
    changes.issuerName ?? issuer.name,
    sequence(
      changes.notBefore ?? utcTime('270101000000Z'),
      changes.notAfter ?? utcTime('270201000000Z'),
    ),
    changes.name,
    changes.spki ?? keys.spki,
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions))]),
  )
  const signature = bitString(await signatureOver(tbs, issuer.keys))
  return {
    der: sequence(tbs, identifier, signature),
    name: changes.name,
    keys,
    keyIdentifier: await keyIdentifierOf(keys),
  }
}
