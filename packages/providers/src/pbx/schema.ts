import { commonConfig } from '@latchkey/core'
import * as z from 'zod'
import { baseUrl, textSecret } from '../shared/fields.ts'
import { tlsField } from '../shared/tls.ts'

/** The path that every call stands below, where somebody pasted it too; a host of that name is left alone. */
const API_PATH = /(?<!\/)\/openapi(?:\/v\d\.\d)?\/*$/

/** Longer than any file's or domain's. */
const NAME_MAX = 255

export const pbxConfig = z
  .strictObject({
    ...commonConfig,
    baseUrl: baseUrl(
      'Where the PBX is served, as https://pbx.example.com:8088; without /openapi/v1.0',
    ).transform((url) => url.replace(API_PATH, '')),
    tls: tlsField,
    serverFileOrder: z
      .enum(['key-first', 'key-last'])
      .default('key-first')
      .describe('Where the private key stands in the file of a server certificate'),
  })
  .meta({ examples: [{ baseUrl: 'https://pbx.example.com:8088' }] })
export type PbxConfig = z.infer<typeof pbxConfig>

export const pbxCredentials = z
  .strictObject({
    clientId: textSecret('Client ID of the PBX’s API page (Integrations > API)'),
    clientSecret: textSecret('Client Secret of that page'),
    webhookSecret: textSecret('Secret that the PBX signs its events with').optional(),
  })
  .meta({ examples: [{ clientId: '...', clientSecret: '...' }] })
export type PbxCredentials = z.infer<typeof pbxCredentials>

const text = z.string().nullish().catch(null)
/** A file's name, a domain: as it came, since the PBX is asked by it again. */
const named = z
  .string()
  .max(NAME_MAX)
  .regex(/^\P{Cc}+$/u)
const name = named.nullish().catch(null)
const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,9}$/)
    .transform(Number),
])

/** Which fields are wrong; of those that are taken twice no page shows an entry. */
const details = z
  .array(z.object({ field: text, value: text, validation_type: text }))
  .nullish()
  .catch(null)

/** Every answer has a code, whatever its HTTP status; codes and texts beside it say more of a refusal. */
export const envelope = z.object({
  errcode: wholeNumber,
  errmsg: text,
  invalid_param_list: details,
  duplicate_field_list: details,
})
export type Envelope = z.infer<typeof envelope>

export const tokenAnswer = z.object({
  access_token: z.string().regex(/^[!-~]{1,4096}$/),
  access_token_expire_time: wholeNumber.nullish().catch(null),
  refresh_token: z
    .string()
    .regex(/^[!-~]{1,4096}$/)
    .nullish()
    .catch(null),
})

/** Of an item only what is shown: its `auth_info_list` holds the DNS provider's secrets in the clear. */
export const certificateItem = z.object({
  id: wholeNumber,
  type: text,
  name,
  issue_to: name,
  expiration: z.union([z.string(), z.number()]).nullish().catch(null),
  ca_type: text,
  auto_renewal: wholeNumber.nullish().catch(null),
  dns_provider: name,
  apply_status: text,
  apply_tip_code: wholeNumber.nullish().catch(null),
})
export type CertificateItem = z.infer<typeof certificateItem>

export const listAnswer = z.object({
  total_number: wholeNumber.nullish().catch(null),
  certificate_list: z.array(certificateItem).nullish(),
})
export const getAnswer = z.object({ certificate: certificateItem })
export const uploadAnswer = z.object({ file: named })
export const createAnswer = z.object({ errcode: wholeNumber, name, apply_status: text })
