import { readOnly } from '../der/element.ts'
import { isNull, membersOf } from '../der/values.ts'
import { KeyFormatError } from '../key-format-error.ts'
import type { RepairCode } from '../pem/repairs.ts'
import { algorithmTitle, RSA_ENCRYPTION } from '../public-key/algorithms.ts'
import type { Container } from './container.ts'
import { EC_PUBLIC_KEY, readEc } from './ec.ts'
import { ED25519, readEd25519 } from './ed25519.ts'
import type { KeyHalves } from './material.ts'
import { type PrivateKeyInfo, readPkcs8 } from './pkcs8.ts'
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
      halves: await readEc(members, undefined),
      repairs: ['converted_from_ec_private_key'],
    }
  }
  const info = readPkcs8(members)
  return {
    halves: await readInfo(info),
    repairs: info.hasAttributes ? ['attributes_removed'] : [],
  }
}

async function readInfo(info: PrivateKeyInfo): Promise<KeyHalves> {
  const { algorithm, parameters, privateKey } = info
  if (algorithm === ED25519) return readEd25519(info)
  if (algorithm === EC_PUBLIC_KEY) {
    return readEc(membersOf(readOnly(privateKey), 'ECPrivateKey'), parameters)
  }
  if (algorithm === RSA_ENCRYPTION) {
    if (!isNull(parameters)) throw new KeyFormatError('its RSA algorithm parameters are not NULL')
    return readRsa(membersOf(readOnly(privateKey), 'RSAPrivateKey'))
  }
  throw new KeyFormatError(
    `its algorithm is ${algorithmTitle(algorithm)}, expected RSA, an elliptic curve or Ed25519`,
  )
}
