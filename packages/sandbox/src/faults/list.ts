import type { Upstream } from '../shared/upstreams.ts'
import { ruleMatches, type Target } from './match.ts'
import type { FaultRule } from './rule.ts'

/** A rule that is set, with what is left of it. */
export interface ActiveFault {
  readonly id: string
  readonly rule: FaultRule
  /** Requests that it will still strike; null for all. */
  readonly remaining: number | null
  readonly struck: number
}

export interface FaultList {
  add(rule: FaultRule): ActiveFault
  /** The rules that are set, also those with nothing left, in the order they were set. */
  all(): readonly ActiveFault[]
  remove(id: string): boolean
  clear(upstream?: Upstream): void
  /** The rule that strikes this request, counted down by it: the first set of those that match. */
  take(target: Target): ActiveFault | null
}

export function createFaultList(): FaultList {
  const entries = new Map<string, { fault: ActiveFault; toSkip: number }>()
  let count = 0
  return {
    add(rule) {
      const id = `fault-${(count += 1)}`
      const fault = { id, rule, remaining: rule.times === undefined ? 1 : rule.times, struck: 0 }
      entries.set(id, { fault, toSkip: rule.skip ?? 0 })
      return fault
    },
    all: () => [...entries.values()].map(({ fault }) => fault),
    remove: (id) => entries.delete(id),
    clear(upstream) {
      for (const [id, { fault }] of entries)
        if (upstream === undefined || fault.rule.upstream === upstream) entries.delete(id)
    },
    take(target) {
      for (const entry of entries.values()) {
        const { fault } = entry
        if (fault.remaining === 0 || !ruleMatches(fault.rule, target)) continue
        if (entry.toSkip > 0) {
          entry.toSkip -= 1
          continue
        }
        const remaining = fault.remaining === null ? null : fault.remaining - 1
        entry.fault = { ...fault, remaining, struck: fault.struck + 1 }
        return entry.fault
      }
      return null
    },
  }
}
