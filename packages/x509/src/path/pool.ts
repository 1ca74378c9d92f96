import { type Bytes, EncodingError } from '@latchkey/crypto'
import { error, type Finding, type Remark, toFinding, warning } from '../findings.ts'
import { canonicalName } from '../names/canonical.ts'
import { equalBytes } from '../read/bytes.ts'
import { readCertificate } from '../read/certificate.ts'
import { outlineOf, readName } from '../read/outline.ts'
import { type Encoded, toDer } from '../read/pem.ts'
import type { Role, Rules } from '../rules.ts'
import type { Budget } from './budget.ts'
import { CHECKS } from './checks/all.ts'
import { judgePlace, type JudgedPlace } from './place.ts'

/** Certificates that are given, of which a path needs few: the others are not read but for their name. */
export interface Pool {
  /** Those whose subject it is, anchors first. @throws WorkExceeded */
  named(name: string): readonly JudgedPlace[]
  /** What cannot be read of those that were looked at. */
  readonly findings: readonly Finding[]
}

export interface Given {
  readonly anchors: readonly Encoded[]
  readonly intermediates: readonly Encoded[]
}

interface Entry {
  readonly der: Bytes
  readonly role: Role
}

export function createPool({ anchors, intermediates }: Given, rules: Rules, budget: Budget): Pool {
  const findings: Finding[] = []
  const attempt = <T>(role: Role, read: () => T): readonly T[] => {
    try {
      return [read()]
    } catch (cause) {
      if (!(cause instanceof EncodingError)) throw cause
      findings.push(unreadable(cause, role))
      return []
    }
  }
  const index = () => {
    const byName = new Map<string, Entry[]>()
    const add = (role: Role) => (encoded: Encoded) => {
      for (const { name, der } of attempt(role, () => readEntry(encoded, budget))) {
        const entries = byName.get(name) ?? []
        byName.set(name, entries)
        // An anchor that comes along as an intermediate too is an anchor.
        if (!entries.some((entry) => isAnchor(entry) && equalBytes(entry.der, der))) {
          entries.push({ der, role })
        }
      }
    }
    anchors.forEach(add('anchor'))
    intermediates.forEach(add('intermediate'))
    return byName
  }
  const readAll = ({ der, role }: Entry) => {
    budget.spend('octets', der.length)
    return attempt(role, () => judgePlace(readCertificate(der), role, rules, CHECKS))
  }
  let indexed: ReadonlyMap<string, readonly Entry[]> | null = null
  const known = new Map<string, readonly JudgedPlace[]>()
  return {
    findings,
    named(name) {
      indexed ??= index()
      const places = known.get(name) ?? (indexed.get(name) ?? []).flatMap(readAll)
      known.set(name, places)
      return places
    },
  }
}

const isAnchor = ({ role }: Entry) => role === 'anchor'

function readEntry(
  encoded: Encoded,
  budget: Budget,
): { readonly name: string; readonly der: Bytes } {
  const der = toDer(encoded, 'CERTIFICATE')
  const { subject } = outlineOf(der)
  budget.spend('names', subject.raw.length)
  return { name: canonicalName(readName(subject.raw, 'subject')), der }
}

/** A path is not worse for what it does not need. */
export function unreadable({ message }: EncodingError, role: Role): Finding {
  const text = `The certificate cannot be read: ${message}`
  const remark: Remark = (role === 'leaf' ? error : warning)('certificate_malformed', text)
  return toFinding(remark, { role, subject: '' })
}
