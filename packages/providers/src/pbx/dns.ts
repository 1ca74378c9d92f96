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
  const errors = [
    ...missingOf(known, dnsParameters),
    ...Object.entries(dnsParameters).flatMap(([name, value]) => {
      const message = problemOf(known, name, value)
      return message === null ? [] : [wrong(name, message)]
    }),
  ]
  if (errors.length > 0) {
    throw new Fault(
      'invalid_request',
      `Cannot use DNS provider "${dnsProvider}": its parameters are missing or wrong`,
      { errors },
    )
  }
  if (known !== undefined) return []
  const names = [...KNOWN.keys()].join(', ')
  const message = `The parameters of DNS provider "${dnsProvider}" are not known here and are passed on as they are; known are ${names}`
  return [{ code: 'dns_provider_unknown', message }]
}

function missingOf(
  known: DnsProvider | undefined,
  parameters: DnsAccess['dnsParameters'],
): readonly FieldError[] {
  const missing = known?.required.filter((name) => !Object.hasOwn(parameters, name)) ?? []
  return missing.map((name) => wrong(name, 'Is required'))
}

/** What is wrong with a parameter; null where nothing is, as far as that is known. */
function problemOf(
  known: DnsProvider | undefined,
  name: string,
  value: string | number | boolean,
): string | null {
  if (known?.required.includes(name) === true) {
    return typeof value === 'string' && value !== '' ? null : 'Must be text'
  }
  if (known !== undefined && !known.optional.includes(name)) {
    return `Is not a parameter of this DNS provider: it takes ${[...known.required, ...known.optional].join(', ')}`
  }
  const isNumber = typeof value === 'number'
  if (isNumber ? Number.isSafeInteger(value) : known === undefined) return null
  return 'Must be a whole number'
}

function wrong(name: string, message: string): FieldError {
  return { pointer: `/dnsParameters/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, message }
}
