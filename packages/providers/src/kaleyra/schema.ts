import { commonConfig } from '@latchkey/core'
import * as z from 'zod'
import { baseUrl, headerSecret } from '../shared/fields.ts'
import { PODS } from './hosts.ts'

export const kaleyraConfig = z
  .strictObject({
    ...commonConfig,
    sid: z
      .string()
      .regex(/^[A-Za-z0-9]{1,64}$/, 'Must be an account SID: letters and digits')
      .describe('Account SID'),
    pod: z.enum(PODS).optional().describe('Region of the account; or baseUrl'),
    baseUrl: baseUrl('Where the API is served, in place of pod').optional(),
  })
  .refine(({ pod, baseUrl: url }) => (pod === undefined) !== (url === undefined), {
    message: 'Must have either pod or baseUrl',
    path: ['pod'],
  })
  .meta({
    oneOf: [{ required: ['pod'] }, { required: ['baseUrl'] }],
    examples: [{ sid: 'HXXX1234567890IN', pod: 'in' }],
  })

export const kaleyraCredentials = z
  .strictObject({
    apiKey: headerSecret('API key that belongs to the SID'),
  })
  .meta({ examples: [{ apiKey: 'A1b2c3...' }] })

/** `data` and `error` are an object, a list or text, whichever the day brings: each is read where it is needed. */
export const envelope = z.object({
  code: z.union([z.string(), z.number()]),
  message: z.string().nullish().catch(null),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
})
export type Envelope = z.infer<typeof envelope>

export const successData = z.object({ success: z.union([z.literal(true), z.literal('true')]) })
export const failureData = z.object({ success: z.union([z.literal(false), z.literal('false')]) })
