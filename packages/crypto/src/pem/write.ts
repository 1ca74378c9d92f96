import { toBase64 } from '../encoding.ts'
import { PEM_COLUMNS } from './body.ts'

/** Strict PEM (RFC 7468 §3): 64 characters a line, line feeds, a final one. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = toBase64(der)
  const lines: string[] = []
  for (let at = 0; at < base64.length; at += PEM_COLUMNS) {
    lines.push(base64.slice(at, at + PEM_COLUMNS))
  }
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
