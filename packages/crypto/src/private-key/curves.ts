import type { Curve } from './material.ts'
import type { Bytes } from '../bytes.ts'

/** A curve with a prime field (SEC 2 §2; RFC 5480 §2.1.1.1). */
export interface CurveParameters {
  readonly curve: Curve
  /** Of a coordinate, and of a private key. */
  readonly octets: number
  /** Of the base point: private keys are below. */
  readonly order: bigint
  /** The content of its OBJECT IDENTIFIER. */
  readonly oid: Bytes
}

export const CURVES: ReadonlyMap<string, CurveParameters> = new Map([
  [
    '1.2.840.10045.3.1.7',
    {
      curve: 'P-256',
      octets: 32,
      order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
      oid: Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
    },
  ],
  [
    '1.3.132.0.34',
    {
      curve: 'P-384',
      octets: 48,
      order:
        0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
      oid: Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x22),
    },
  ],
  [
    '1.3.132.0.35',
    {
      curve: 'P-521',
      octets: 66,
      order:
        0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
      oid: Uint8Array.of(0x2b, 0x81, 0x04, 0x00, 0x23),
    },
  ],
])

/** Other curves that OpenSSL writes; what is left is unknown. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.1', 'P-192'],
  ['1.3.132.0.33', 'P-224'],
  ['1.3.132.0.10', 'secp256k1'],
  ['1.3.36.3.3.2.8.1.1.7', 'brainpoolP256r1'],
  ['1.3.36.3.3.2.8.1.1.11', 'brainpoolP384r1'],
  ['1.3.36.3.3.2.8.1.1.13', 'brainpoolP512r1'],
  ['1.2.156.10197.1.301', 'SM2'],
])

export function curveTitle(oid: string): string {
  return TITLES.get(oid) ?? 'unknown'
}
