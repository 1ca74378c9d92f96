import { commonConfig } from '@latchkey/core'
import * as z from 'zod'
import { baseUrl, headerSecret, textSecret } from '../shared/fields.ts'
import { tlsField } from '../shared/tls.ts'

export const onpremConfig = z
  .strictObject({
    ...commonConfig,
    baseUrl: baseUrl('Where the Webapp of the deployment is served, without /v1'),
    tls: tlsField,
    publishEncoding: z
      .enum(['form', 'json'])
      .default('form')
      .describe('How a key is sent: as a form, or as JSON for a client that refuses the form'),
  })
  .meta({ examples: [{ baseUrl: 'https://whatsapp.example.com' }] })
export type OnpremConfig = z.infer<typeof onpremConfig>

const WAYS = 'Must be either username and password, or token'

export const onpremCredentials = z
  .strictObject({
    // Basic credentials end the user name at the first colon (RFC 7617 §2).
    username: textSecret('Name of a user of the deployment; it is logged in and renewed')
      .regex(/^[^:]*$/, 'Must not contain a colon')
      .optional(),
    password: textSecret('Password of that user').optional(),
    token: headerSecret(
      'A token that somebody else renews, in place of username and password',
    ).optional(),
  })
  .refine(({ username, password, token }) => {
    const login = username !== undefined && password !== undefined
    const some = username !== undefined || password !== undefined
    return token === undefined ? login : !some
  }, WAYS)
  .meta({
    oneOf: [{ required: ['username', 'password'] }, { required: ['token'] }],
    examples: [{ username: 'admin', password: '...' }],
  })
export type OnpremCredentials = z.infer<typeof onpremCredentials>

const text = z.string().nullish().catch(null)

export const loginAnswer = z.object({
  users: z.tuple(
    [z.object({ token: z.string().regex(/^[!-~]+$/), expires_after: text })],
    z.unknown(),
  ),
})

/** A settings call that succeeded answers its `meta`; other calls of this API `{}` or `null`. */
export const doneAnswer = z.union([z.null(), z.strictObject({ meta: z.unknown().optional() })])

export const healthAnswer = z.object({ health: z.looseObject({}) })

export const errorAnswer = z.object({
  errors: z.tuple(
    [
      z.object({
        code: z
          .union([
            z.int(),
            z
              .string()
              .regex(/^\d{1,9}$/)
              .transform(Number),
          ])
          .nullish()
          .catch(null),
        title: text,
        details: text,
      }),
    ],
    z.unknown(),
  ),
})
export type OnpremError = z.infer<typeof errorAnswer>['errors'][0]
