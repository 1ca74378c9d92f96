import { commonConfig } from '@latchkey/core'
import * as z from 'zod'
import { baseUrl, headerSecret, textSecret } from '../shared/fields.ts'
import { keyFields } from '../shared/key-reading.ts'

export const GRAPH_HOST = 'graph.facebook.com'
/** Released 18 Feb 2026, until 29 Jul 2028 (Graph API changelog). */
const DEFAULT_VERSION = 'v25.0'

const graphId = z.string().regex(/^[1-9]\d{0,31}$/, 'Must be a Graph id: digits alone')

export const graphConfig = z
  .strictObject({
    ...commonConfig,
    version: z
      .string()
      .regex(/^v[1-9]\d{0,2}\.0$/, 'Must be a Graph API version such as v25.0')
      .default(DEFAULT_VERSION)
      .describe('Graph API version'),
    wabaId: graphId
      .optional()
      .describe('WhatsApp Business account id; numbers are discovered in it'),
    appId: graphId.optional().describe('Meta app id'),
    baseUrl: baseUrl('Where the Graph API is served').default(`https://${GRAPH_HOST}`),
  })
  .meta({ examples: [{ wabaId: '102290129340398' }] })
export type GraphConfig = z.infer<typeof graphConfig>

export const graphCredentials = z
  .strictObject({
    accessToken: headerSecret('System-user access token with whatsapp_business_messaging'),
    appSecret: textSecret('App secret: adds appsecret_proof, and verifies webhooks').optional(),
    previousAppSecret: textSecret(
      'The app secret before the last reset; still verifies',
    ).optional(),
    verifyToken: textSecret('Verify token of the webhook subscription').optional(),
  })
  .meta({ examples: [{ accessToken: 'EAAJB...' }] })
export type GraphCredentials = z.infer<typeof graphCredentials>

/** Meta's own collection has the text "true" where the reference has the boolean. */
export const writeAnswer = z.object({ success: z.union([z.boolean(), z.enum(['true', 'false'])]) })

/** Wrapped in a list or flat; either way the keys told, of which a number has one at the most. */
export const keyAnswer = z.union([
  z.object({ data: z.array(keyFields) }).transform(({ data }) => data),
  keyFields.transform((told) => [told]),
])

export const nodeAnswer = z.object({ id: z.string().min(1) })

const text = z.string().nullish().catch(null)

export const numbersAnswer = z.object({
  data: z.array(
    z.object({
      id: z.string().regex(/^[1-9]\d{0,31}$/),
      display_phone_number: text,
      verified_name: text,
    }),
  ),
  paging: z
    .object({
      cursors: z.object({ after: z.string().nullish() }).nullish(),
      next: z.string().nullish(),
    })
    .nullish(),
})

const code = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null)

/** Nothing here is certain to be there, or of its documented type; `error_data` may be text. */
export const errorAnswer = z.object({
  error: z.object({
    code,
    error_subcode: code,
    message: text,
    is_transient: z.boolean().nullish().catch(null),
    error_data: z.object({ details: text }).nullish().catch(null),
    error_user_msg: text,
    fbtrace_id: text,
  }),
})
export type GraphError = z.infer<typeof errorAnswer>['error']
