/** The curves of WebCrypto, which are those of the Web PKI (RFC 5480 §2.1.1.1; CABF BR §6.1.5). */
export const CURVES = [
  { name: 'P-256', oid: '1.2.840.10045.3.1.7', octets: 32, hash: 'SHA-256' },
  { name: 'P-384', oid: '1.3.132.0.34', octets: 48, hash: 'SHA-384' },
  { name: 'P-521', oid: '1.3.132.0.35', octets: 66, hash: 'SHA-512' },
] as const

/** `octets` of a coordinate; `hash` is the one that signs with it (CABF BR §7.1.3.2.2). */
export type Curve = (typeof CURVES)[number]
