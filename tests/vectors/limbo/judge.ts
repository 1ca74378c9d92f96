import { type Finding, type PathRequest, type PathResult, validatePath } from '@latchkey/x509'
import type { LimboCase, PeerName } from './cases.ts'

export interface Verdict {
  readonly id: string
  readonly isAccepted: boolean
  readonly isExpected: boolean
  readonly findings: readonly Finding[]
}

const PURPOSES = new Map<string, PathRequest['purpose']>([
  ['serverAuth', 'serverAuth'],
  ['clientAuth', 'clientAuth'],
])

/** A case as what it asks of us, in the WebPKI profile. `now` is for cases that name no time. */
export async function judgeCase(limboCase: LimboCase, now: number): Promise<Verdict> {
  const results: PathResult[] = []
  for (const identity of identitiesOf(limboCase)) {
    results.push(await validatePath({ ...requestOf(limboCase, now), ...identity }))
  }
  const failed = results.find((result) => !result.ok)
  const isAccepted = failed === undefined
  return {
    id: limboCase.id,
    isAccepted,
    isExpected: isAccepted === (limboCase.expected_result === 'SUCCESS'),
    findings: failed === undefined || failed.ok ? [] : failed.findings,
  }
}

function requestOf(limboCase: LimboCase, now: number): PathRequest {
  const { validation_time: time, max_chain_depth: maxDepth } = limboCase
  return {
    leaf: limboCase.peer_certificate,
    intermediates: limboCase.untrusted_intermediates,
    anchors: limboCase.trusted_certs,
    at: time === null ? now : Date.parse(time),
    purpose: purposeOf(limboCase),
    profile: 'webpki',
    ...(maxDepth === null ? {} : { maxDepth }),
    ...(limboCase.crls.length === 0 ? {} : { crls: limboCase.crls }),
  }
}

/** A case that lists no usage leaves open what the key is for. */
function purposeOf({ id, extended_key_usage: usages }: LimboCase): PathRequest['purpose'] {
  const [usage, ...more] = usages
  if (usage === undefined) return 'any'
  const purpose = PURPOSES.get(usage)
  if (purpose === undefined || more.length > 0) {
    throw new Error(`Cannot judge ${id}: its usages are ${usages.join()}`)
  }
  return purpose
}

type Identity = Pick<PathRequest, 'hostname' | 'ip' | 'email'>

/** One request for each name that is asked for: all have to be on the certificate. */
function identitiesOf(limboCase: LimboCase): readonly Identity[] {
  const { expected_peer_name: name, expected_peer_names: names } = limboCase
  const wanted = name === null ? names : [name, ...names]
  return wanted.length === 0 ? [{}] : wanted.map(identityOf)
}

function identityOf({ kind, value }: PeerName): Identity {
  switch (kind) {
    case 'DNS':
      return { hostname: value }
    case 'IP':
      return { ip: value }
    case 'RFC822':
      return { email: value }
  }
}
