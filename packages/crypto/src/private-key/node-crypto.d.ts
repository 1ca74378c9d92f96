/**
 * As much of `node:crypto` as Node, Deno and workerd have alike, for the compiler that knows no runtime's types
 * (tsconfig.neutral.json maps the module here).
 */
type Bytes = Uint8Array<ArrayBuffer>
type Derived = (error: Error | null, key: Bytes) => void

export function createHash(algorithm: string): {
  update(data: Uint8Array): unknown
  digest(): Bytes
}

export function hash(algorithm: string, data: string | Uint8Array): string

export function createHmac(
  algorithm: string,
  key: string | Uint8Array,
): {
  update(data: string | Uint8Array): { digest(): Bytes }
}

export function createDecipheriv(
  algorithm: string,
  key: Uint8Array,
  iv: Uint8Array,
): {
  setAutoPadding(pads: boolean): unknown
  update(data: Uint8Array): Bytes
  final(): Bytes
}

export function pbkdf2(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  keyBytes: number,
  digest: string,
  callback: Derived,
): void

export function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  keyBytes: number,
  options: { readonly N: number; readonly r: number; readonly p: number },
  callback: Derived,
): void
