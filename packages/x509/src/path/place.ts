import { isError, type Remark } from '../findings.ts'
import { type Key, readKeyOrNull } from '../key/key.ts'
import { canonicalName, isSelfIssued } from '../names/canonical.ts'
import type { Certificate } from '../read/certificate.ts'
import type { Role, Rules } from '../rules.ts'

/** A certificate at its place in a path, with the rules that it is judged by. */
export interface Place {
  readonly certificate: Certificate
  readonly role: Role
  /** Null where the key is malformed. */
  readonly key: Key | null
  /** Whether issuer and subject are the same (RFC 5280 §3.2). */
  readonly isSelfIssued: boolean
  readonly rules: Rules
}

/** Judges one certificate without looking at the rest of its path. */
export type Check = (place: Place) => Iterable<Remark>

/** A place with what was found about it alone, which is the same in every path that it is part of. */
export interface JudgedPlace extends Place {
  readonly subject: string
  readonly issuer: string
  readonly remarks: readonly Remark[]
  readonly isSound: boolean
}

export function judgePlace(
  certificate: Certificate,
  role: Role,
  rules: Rules,
  checks: readonly Check[],
): JudgedPlace {
  const key = readKeyOrNull(certificate.spki)
  const place = { certificate, role, key, isSelfIssued: isSelfIssued(certificate), rules }
  const remarks = checks.flatMap((check) => [...check(place)])
  return {
    ...place,
    subject: canonicalName(certificate.subject),
    issuer: canonicalName(certificate.issuer),
    remarks,
    isSound: !remarks.some(isError),
  }
}
