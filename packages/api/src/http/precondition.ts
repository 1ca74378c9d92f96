import { Fault, type Fingerprint, type Precondition } from '@latchkey/core'

const FINGERPRINT = /sha256:[0-9a-f]{64}/

/**
 * What If-Match and If-None-Match ask of a publish (RFC 9110 §13.1). If-Match takes an ETag of any representation,
 * or the bare fingerprint; the fingerprint alone is compared.
 * @throws Fault invalid_request
 */
export function preconditionOf(headers: Headers): Precondition | undefined {
  const match = headers.get('if-match')
  const noneMatch = headers.get('if-none-match')
  if (match !== null && noneMatch !== null) {
    throw new Fault('invalid_request', 'Cannot combine If-Match with If-None-Match')
  }
  if (noneMatch !== null) {
    if (noneMatch.trim() === '*') return { kind: 'unset' }
    throw new Fault(
      'invalid_request',
      'Cannot use If-None-Match on a publish: only * has a meaning',
    )
  }
  if (match === null) return undefined
  if (match.trim() === '*') return { kind: 'set' }
  return { kind: 'matches', fingerprints: match.split(',').flatMap(fingerprintOf) }
}

/** A weak tag never matches If-Match (RFC 9110 §13.1.1); an unreadable one matches nothing. */
function fingerprintOf(tag: string): readonly Fingerprint[] {
  const trimmed = tag.trim()
  if (trimmed.startsWith('W/')) return []
  const found = FINGERPRINT.exec(trimmed)?.[0]
  return found === undefined ? [] : [`sha256:${found.slice('sha256:'.length)}`]
}

/** Whether an If-None-Match of a read names this tag; comparison is weak (RFC 9110 §13.1.2). */
export function noneMatches(header: string | null, etag: string): boolean {
  if (header === null) return false
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
}
