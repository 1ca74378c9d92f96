import { readOnly } from '../der/element.ts'
import { isNull, membersOf, wholeOctets } from '../der/values.ts'
import { constantTimeEqual } from '../digest.ts'
import { KeyFormatError } from '../key-format-error.ts'
import type { RepairCode } from '../pem/repairs.ts'
import { algorithmTitle, RSA_ENCRYPTION } from '../public-key/algorithms.ts'
import type { Container } from './container.ts'
import { EC_PUBLIC_KEY, readEc } from './ec.ts'
import { ED25519, readEd25519 } from './ed25519.ts'
import type { KeyHalves } from './material.ts'
import { FOREIGN_PUBLIC_KEY, type PrivateKeyInfo, readPkcs8 } from './pkcs8.ts'
import { readRsa } from './rsa.ts'

export interface ReadKey {
  readonly halves: KeyHalves
  readonly repairs: readonly RepairCode[]
}

/** Reads a key that is not encrypted, and proves it. @throws KeyFormatError */
export async function readHalves({ kind, members }: Container): Promise<ReadKey> {
  if (kind === 'pkcs1') {
    return { halves: readRsa(members), repairs: ['converted_from_rsa_private_key'] }
  }
  if (kind === 'sec1') {
    return {
      halves: await readEc(members),
      repairs: ['converted_from_ec_private_key'],
    }
  }
  const info = readPkcs8(members)
  const halves = await readInfo(info)
  return { halves, repairs: info.hasAttributes ? ['attributes_removed'] : [] }
}

async function readInfo(info: PrivateKeyInfo): Promise<KeyHalves> {
  const { algorithm, privateKey } = info
  if (algorithm === EC_PUBLIC_KEY) {
    return readEc(membersOf(readOnly(privateKey), 'ECPrivateKey'), info)
  }
  const halves = algorithm === ED25519 ? await readEd25519(info) : readRsaInfo(info)
  const [, publicKey] = membersOf(readOnly(halves.spki), 'SubjectPublicKeyInfo')
  if (
    info.publicKey !== null &&
    !constantTimeEqual(info.publicKey, wholeOctets(publicKey, 'subjectPublicKey'))
  ) {
    throw new KeyFormatError(FOREIGN_PUBLIC_KEY)
  }
  return halves
}

function readRsaInfo({ algorithm, parameters, privateKey }: PrivateKeyInfo): KeyHalves {
  if (algorithm !== RSA_ENCRYPTION) {
    throw new KeyFormatError(
      `its algorithm is ${algorithmTitle(algorithm)}, expected RSA, an elliptic curve or Ed25519`,
    )
  }
  if (!isNull(parameters)) throw new KeyFormatError('its RSA algorithm parameters are not NULL')
  return readRsa(membersOf(readOnly(privateKey), 'RSAPrivateKey'))
}
