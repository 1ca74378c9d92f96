import * as z from 'zod'

/** Longer than any token that the vendors issue (a JWT of a few claims at the most). */
const SECRET_MAX = 4096
/** As long a URL as `packages/http` takes. */
const URL_MAX = 2048

/**
 * A secret that travels in a header: visible ASCII alone (RFC 9110 §5.5). A line break, which a paste often brings
 * along, would end the header.
 */
export function headerSecret(description: string): z.ZodString {
  return z
    .string()
    .min(1)
    .max(SECRET_MAX)
    .regex(/^[!-~]*$/, 'Must be visible ASCII characters without spaces or line breaks')
    .describe(description)
}

/** A secret that is encoded before it travels: any text without control characters. */
export function textSecret(description: string): z.ZodString {
  return z
    .string()
    .min(1)
    .max(SECRET_MAX)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Must not contain control characters')
    .describe(description)
}

/** Only the form: which hosts may be called is the host policy's to say. */
export function baseUrl(description: string): z.ZodString {
  return z
    .string()
    .max(URL_MAX)
    .regex(
      /^https?:\/\/[^\s/]+(?:\/\S*)?$/i,
      'Must be a URL such as https://host or https://host:port/path',
    )
    .describe(description)
}
