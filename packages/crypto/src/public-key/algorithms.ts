import { element } from '../der/write.ts'
import { TAG } from '../der/element.ts'

/** rsaEncryption (RFC 8017 §C). */
export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'

/** The AlgorithmIdentifier of rsaEncryption, NULL included. */
export const RSA_ENCRYPTION_DER = element(
  TAG.sequence,
  element(
    TAG.objectIdentifier,
    Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01),
  ),
  element(TAG.null),
)

/** What keys are sent by mistake: RFC 8017 §C, RFC 3279 §2.3, RFC 5480 §2.1, RFC 8410 §3. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.7', 'RSAES-OAEP'],
  ['1.2.840.113549.1.1.10', 'RSASSA-PSS'],
  ['1.2.840.113549.1.3.1', 'Diffie-Hellman'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10045.2.1', 'elliptic curve'],
  ['1.2.840.10046.2.1', 'Diffie-Hellman'],
  ['1.3.101.110', 'X25519'],
  ['1.3.101.111', 'X448'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
])

export function algorithmTitle(oid: string): string {
  return TITLES.get(oid) ?? 'unknown'
}
