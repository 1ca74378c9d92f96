import type { FaultRule } from './rule.ts'
import type { Upstream } from '../shared/upstreams.ts'

export interface Target {
  readonly upstream: Upstream
  readonly method: string
  /** Below the upstream's prefix, percent-encoded as it came, without the query. */
  readonly path: string
}

/** Whether a rule is about a request. */
export function ruleMatches(rule: FaultRule, target: Target): boolean {
  return (
    rule.upstream === target.upstream &&
    (rule.method === undefined || rule.method.toUpperCase() === target.method.toUpperCase()) &&
    (rule.path === undefined || pathMatches(rule.path, target.path))
  )
}

/** `*` stands for one segment, a last `**` for all that follow; escapes are compared decoded. */
export function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const open = wanted.at(-1) === '**'
  if (open ? given.length < wanted.length - 1 : given.length !== wanted.length) return false
  const compared = open ? wanted.slice(0, -1) : wanted
  return compared.every((segment, index) => {
    const other = given[index] ?? ''
    return segment === '*' || segment === other || decode(segment) === decode(other)
  })
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
