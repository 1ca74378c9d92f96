import { isRecord } from '../shared/readers.ts'
import { invalidParameter } from './errors.ts'
import { requiredText, textOf, type Body } from './parameters.ts'

/** One of the values that a DNS provider wants: a string, an integer or a boolean. */
export interface AuthInfo {
  readonly k: string
  readonly sv?: string
  readonly iv?: number
  readonly bv?: boolean
}

/** What the PBX needs to prove a domain: it keeps this, and shows it to whoever lists certificates. */
export interface DnsAccess {
  readonly provider: string
  readonly parameters: readonly AuthInfo[]
}

interface DnsProvider {
  readonly required: readonly string[]
  /** Integers that have a default. */
  readonly optional: readonly string[]
}

/** The rows of the vendor's table that are public; a provider beyond them is taken as it comes. */
const PROVIDERS: ReadonlyMap<string, DnsProvider> = new Map([
  [
    'edgedns',
    {
      required: ['Host', 'ClientToken', 'ClientSecret', 'AccessToken'],
      optional: ['PropagationTimeout', 'TTL'],
    },
  ],
  [
    'alidns',
    {
      required: ['AccessKeyId', 'AccessKeySecret'],
      optional: ['PropagationTimeout', 'PollingInterval', 'TTL'],
    },
  ],
  [
    'allinkl',
    { required: ['Login', 'Password'], optional: ['PropagationTimeout', 'PollingInterval'] },
  ],
  [
    'route53',
    {
      required: ['AccessKeyId', 'SecretAccessKey', 'Region', 'HostedZoneId'],
      optional: ['PropagationTimeout', 'PollingInterval', 'TTL'],
    },
  ],
  [
    'arvancloud',
    { required: ['APIKey'], optional: ['PropagationTimeout', 'PollingInterval', 'TTL'] },
  ],
  [
    'auroradns',
    { required: ['APIKey', 'Secret'], optional: ['PropagationTimeout', 'PollingInterval'] },
  ],
])

const LIST = 'auth_info_list'

/** @throws PbxError 40002 where a parameter of the provider is missing or of another type */
export function requiredDns(body: Body): DnsAccess {
  const provider = requiredText(body, 'dns_provider')
  const parameters = authInfoOf(body)
  if (parameters === undefined || parameters.length === 0) throw invalidParameter(LIST, 'required')
  checkComplete(provider, parameters)
  return { provider, parameters }
}

/** The DNS access of a request that may leave it out. */
export function dnsOf(body: Body): DnsAccess | undefined {
  const mentioned = textOf(body, 'dns_provider') !== undefined || body[LIST] !== undefined
  return mentioned ? requiredDns(body) : undefined
}

function authInfoOf(body: Body): readonly AuthInfo[] | undefined {
  const list = body[LIST]
  if (list === undefined) return undefined
  if (!Array.isArray(list)) throw invalidParameter(LIST, 'array')
  return list.map(readAuthInfo)
}

function readAuthInfo(entry: unknown): AuthInfo {
  if (!isRecord(entry)) throw invalidParameter(LIST, 'object')
  const { k, sv, iv, bv } = entry
  if (typeof k !== 'string' || k === '') throw invalidParameter(`${LIST}.k`, 'required')
  const values: AuthInfo[] = [
    ...(typeof sv === 'string' ? [{ k, sv }] : []),
    ...(typeof iv === 'number' && Number.isInteger(iv) ? [{ k, iv }] : []),
    ...(typeof bv === 'boolean' ? [{ k, bv }] : []),
  ]
  const [value, ...others] = values
  if (value === undefined || others.length > 0) throw invalidParameter(`${LIST}.${k}`, 'value')
  return value
}

function checkComplete(provider: string, parameters: readonly AuthInfo[]): void {
  const known = PROVIDERS.get(provider)
  if (known === undefined) return
  for (const k of known.required) {
    const given = parameters.find((each) => each.k === k)
    if (given?.sv === undefined || given.sv === '')
      throw invalidParameter(`${LIST}.${k}`, 'required')
  }
  for (const { k, iv } of parameters)
    if (!known.required.includes(k) && (!known.optional.includes(k) || iv === undefined))
      throw invalidParameter(`${LIST}.${k}`, 'range')
}
