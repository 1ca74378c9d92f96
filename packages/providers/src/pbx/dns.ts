import { type DnsAccess, Fault, type FieldError } from '@latchkey/core'

interface DnsProvider {
  /** Texts without which the PBX cannot prove a domain. */
  readonly required: readonly string[]
  /** Whole numbers that have a default. */
  readonly optional: readonly string[]
}

/** The rows of "Supported DNS providers" that are public; the table goes on. */
const KNOWN: ReadonlyMap<string, DnsProvider> = new Map([
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
    {
      required: ['APIKey', 'Secret'],
      // Its row is cut off in every copy of the page: what the others have is let through.
      optional: ['PropagationTimeout', 'PollingInterval', 'TTL'],
    },
  ],
])

/** One value, in the field that its type has. */
export type AuthInfo =
  | { readonly k: string; readonly sv: string }
  | { readonly k: string; readonly iv: number }
  | { readonly k: string; readonly bv: boolean }

/** The parameters as the PBX takes them. */
export function authInfoOf({ dnsParameters }: DnsAccess): readonly AuthInfo[] {
  return Object.entries(dnsParameters).map(([k, value]) => {
    if (typeof value === 'string') return { k, sv: value }
    return typeof value === 'number' ? { k, iv: value } : { k, bv: value }
  })
}

/**
 * Checks that the parameters are those of the DNS provider. One that is not known here is passed on with a warning.
 * @throws Fault invalid_request with a pointer for each parameter that is missing, unknown or of another type
 */
export function checkDns({ dnsProvider, dnsParameters }: DnsAccess) {
  const known = KNOWN.get(dnsProvider)
  const given = Object.entries(dnsParameters)
  const errors: FieldError[] = given
    .filter(([, value]) => typeof value === 'number' && !Number.isSafeInteger(value))
    .map(([name]) => wrong(name, 'Must be a whole number'))
  if (known !== undefined) errors.push(...errorsOf(known, dnsParameters))
  if (errors.length > 0) {
    throw new Fault(
      'invalid_request',
      `Cannot use DNS provider "${dnsProvider}": its parameters are not complete`,
      { errors },
    )
  }
  if (known !== undefined) return []
  const names = [...KNOWN.keys()].join(', ')
  const message = `The parameters of DNS provider "${dnsProvider}" are not known here and were passed on as they are; known are ${names}`
  return [{ code: 'dns_provider_unknown', message }]
}

function errorsOf(
  { required, optional }: DnsProvider,
  parameters: DnsAccess['dnsParameters'],
): readonly FieldError[] {
  const missing = required
    .filter((name) => !Object.hasOwn(parameters, name))
    .map((name) => wrong(name, 'Is missing'))
  const others = Object.entries(parameters).flatMap(([name, value]) => {
    if (required.includes(name)) {
      return typeof value === 'string' && value !== '' ? [] : [wrong(name, 'Must be text')]
    }
    if (!optional.includes(name)) {
      return [wrong(name, `Is not known: use ${[...required, ...optional].join(', ')}`)]
    }
    return typeof value === 'number' ? [] : [wrong(name, 'Must be a whole number')]
  })
  return [...missing, ...others]
}

function wrong(name: string, message: string): FieldError {
  return { pointer: `/dnsParameters/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, message }
}
