import { type DerElement, TAG } from '../../der/element.ts'
import { contentOf, membersOf, objectIdentifier } from '../../der/values.ts'
import type { Lock } from './lock.ts'
import { readPbes1 } from './pbes1.ts'
import { readPbes2 } from './pbes2.ts'
import { unsupported } from './titles.ts'

/** RFC 8018 §A.4. */
const PBES2 = '1.2.840.113549.1.5.13'

/** Reads an EncryptedPrivateKeyInfo (RFC 5208 §6) as far as it goes without the passphrase. @throws KeyFormatError */
export function readEncryptedPkcs8(members: readonly DerElement[]): Lock {
  const [algorithm, encrypted] = members
  const [identifier, parameters] = membersOf(algorithm, 'encryption algorithm')
  const scheme = objectIdentifier(identifier, 'encryption algorithm')
  const ciphertext = contentOf(encrypted, TAG.octetString, 'encrypted content')
  if (scheme === PBES2) return readPbes2(parameters, ciphertext)
  const lock = readPbes1(scheme, parameters, ciphertext)
  if (lock === null) throw unsupported('encryption', scheme)
  return lock
}
