import { type PathRequest, validatePath } from '@latchkey/x509'
import type { LimboCase, PeerName } from './cases.ts'

export interface Verdict {
  readonly id: string
  readonly isAccepted: boolean
  readonly isExpected: boolean
  /** Why it was rejected: codes of findings, or an error that should not have been. */
  readonly reasons: readonly string[]
}

/** What usages stand for; others are not judged here, and so nothing is accepted for them. */
const PURPOSES: ReadonlyMap<string, PathRequest['purpose']> = new Map([
  ['serverAuth', 'serverAuth'],
  ['clientAuth', 'clientAuth'],
  ['anyExtendedKeyUsage', 'any'],
])

/** A case as what it asks of us, in the profile that it is about. `now` is for cases that name no time. */
export async function judgeCase(limboCase: LimboCase, now: number): Promise<Verdict> {
  const { id, expected_result: expected } = limboCase
  try {
    const reasons = await rejectionOf(limboCase, now)
    const isAccepted = reasons.length === 0
    return { id, isAccepted, isExpected: isAccepted === (expected === 'SUCCESS'), reasons }
  } catch (error) {
    // Whatever was expected, to break down is no answer.
    return { id, isAccepted: false, isExpected: false, reasons: [String(error)] }
  }
}

async function rejectionOf(limboCase: LimboCase, now: number): Promise<readonly string[]> {
  for (const purpose of purposesOf(limboCase)) {
    if (purpose === undefined) return ['purpose_unknown']
    for (const identity of identitiesOf(limboCase)) {
      const result = await validatePath({ ...requestOf(limboCase, now), ...identity, purpose })
      if (result.ok) continue
      return result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
    }
  }
  return []
}

function requestOf(limboCase: LimboCase, now: number): Omit<PathRequest, 'purpose'> {
  const { validation_time: time, max_chain_depth: maxDepth } = limboCase
  return {
    leaf: limboCase.peer_certificate,
    intermediates: limboCase.untrusted_intermediates,
    anchors: limboCase.trusted_certs,
    at: time === null ? now : Date.parse(time),
    profile: profileOf(limboCase),
    ...(maxDepth === null ? {} : { maxDepth }),
    ...(limboCase.crls.length === 0 ? {} : { crls: limboCase.crls }),
  }
}

/** Where the suite keeps what RFC 5280 alone decides, with chains that the Web PKI has among those to be rejected. */
const RFC5280_ALONE = /^(?:rfc5280|pathlen)::/

/** Everything else is judged by the stricter rules. */
function profileOf({ id }: LimboCase): PathRequest['profile'] {
  return RFC5280_ALONE.test(id) ? 'rfc5280' : 'webpki'
}

/** All have to be allowed; a case that lists no usage leaves open what the key is for. */
function purposesOf({
  extended_key_usage: usages,
}: LimboCase): readonly (PathRequest['purpose'] | undefined)[] {
  return usages.length === 0 ? ['any'] : usages.map((usage) => PURPOSES.get(usage))
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
