import { error, type Finding, type Remark } from '../../findings.ts'
import { ANY_POLICY } from '../../read/oid.ts'
import type { PolicyMapping } from '../../read/extensions/policies.ts'
import { findingsOf } from '../attempt.ts'
import type { Place } from '../place.ts'

/**
 * The policies that are valid at one depth, each with those that count as it one certificate further down. Any policy
 * is acceptable to us, so it only matters whether there is one left; RFC 9618 shows that the tree of RFC 5280 §6.1.2,
 * which grows exponentially, comes to the same as these sets.
 */
type Policies = ReadonlyMap<string, ReadonlySet<string>>

interface State {
  readonly policies: Policies
  /** Each: how many more certificates until it is demanded, or no longer allowed (RFC 5280 §6.1.2 (d) to (f)). */
  readonly explicitPolicy: number
  readonly policyMapping: number
  readonly anyPolicy: number
}

/** RFC 5280 §6.1.2 to §6.1.5 as far as they are about policies. The anchor is not part of the path. */
export function checkPolicies(path: readonly Place[]): readonly Finding[] {
  const places = path.slice(0, -1).toReversed()
  const findings: Finding[] = []
  const start = places.length + 1
  let state: State = {
    policies: new Map([[ANY_POLICY, new Set([ANY_POLICY])]]),
    explicitPolicy: start,
    policyMapping: start,
    anyPolicy: start,
  }
  for (const place of places) {
    const policies = policiesOf(place, state)
    const explicitPolicy = place.role === 'leaf' ? lastExplicit(place, state) : state.explicitPolicy
    if (explicitPolicy === 0 && policies.size === 0) {
      const message = 'A policy is demanded, and none is valid throughout the path'
      findings.push(...findingsOf(place, [error('policy_missing', message)]))
    }
    findings.push(...findingsOf(place, checkMappings(place)))
    state = prepare(place, { ...state, policies })
  }
  return findings
}

/** §6.1.3 (d) and (e). */
function policiesOf(place: Place, { policies, anyPolicy }: State): Policies {
  const asserted = place.certificate.extensions.certificatePolicies ?? []
  const expected = new Set([...policies.values()].flatMap((each) => [...each]))
  const next = new Map<string, ReadonlySet<string>>()
  for (const policy of asserted) {
    if (policy === ANY_POLICY) continue
    if (expected.has(policy) || policies.has(ANY_POLICY)) next.set(policy, new Set([policy]))
  }
  const mayBeAny = anyPolicy > 0 || (place.role !== 'leaf' && place.isSelfIssued)
  if (asserted.includes(ANY_POLICY) && mayBeAny) {
    for (const policy of expected) if (!next.has(policy)) next.set(policy, new Set([policy]))
  }
  return next
}

/** §6.1.5 (a) and (b). */
function lastExplicit({ certificate }: Place, { explicitPolicy }: State): number {
  const demanded = certificate.extensions.policyConstraints?.requireExplicitPolicy
  return demanded === 0 ? 0 : Math.max(0, explicitPolicy - 1)
}

/** §6.1.4 (a). */
function* checkMappings({ certificate }: Place): Iterable<Remark> {
  const mappings = certificate.extensions.policyMappings ?? []
  if (mappings.some(({ issuer, subject }) => [issuer, subject].includes(ANY_POLICY))) {
    yield error('policy_mapping_wrong', 'anyPolicy is mapped, which it may not be')
  }
}

/** §6.1.4 (b) and (h) to (j). */
function prepare({ certificate, isSelfIssued }: Place, state: State): State {
  const { policyMappings = [], policyConstraints, inhibitAnyPolicy } = certificate.extensions
  const step = isSelfIssued ? 0 : 1
  const next = (left: number, limit: number = Infinity) => Math.min(Math.max(0, left - step), limit)
  return {
    policies: map(state.policies, policyMappings, state.policyMapping > 0),
    explicitPolicy: next(state.explicitPolicy, policyConstraints?.requireExplicitPolicy),
    policyMapping: next(state.policyMapping, policyConstraints?.inhibitPolicyMapping),
    anyPolicy: next(state.anyPolicy, inhibitAnyPolicy),
  }
}

function map(policies: Policies, mappings: readonly PolicyMapping[], isAllowed: boolean): Policies {
  const mapped = new Map(policies)
  for (const [issuer, group] of Map.groupBy(mappings, (mapping) => mapping.issuer)) {
    if (!isAllowed) mapped.delete(issuer)
    else if (policies.has(issuer) || policies.has(ANY_POLICY)) {
      mapped.set(issuer, new Set(group.map(({ subject }) => subject)))
    }
  }
  return mapped
}
