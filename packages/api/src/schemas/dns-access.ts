import * as z from 'zod'

const PARAMETERS_MAX = 32

const parameter = z.union([z.string().max(4096), z.int(), z.boolean()])

/** How the upstream reaches the DNS of a domain; which parameters a provider of DNS wants is the upstream's to say. */
export const dnsAccess = {
  dnsProvider: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'Must be 1 to 64 letters, digits, dots, hyphens or underscores')
    .describe('The upstream’s name for the provider of the domain’s DNS'),
  dnsParameters: z
    .record(z.string().min(1).max(64), parameter)
    .refine(
      (parameters) => Object.keys(parameters).length <= PARAMETERS_MAX,
      `Must not have more than ${PARAMETERS_MAX} entries`,
    )
    .describe('Write-only: credentials and settings, each of the type that the upstream wants'),
}

export const EXAMPLE_DNS = {
  dnsProvider: 'alidns',
  dnsParameters: { AccessKeyId: 'LTAI5t…', AccessKeySecret: '8Z6c…', TTL: 600 },
}
