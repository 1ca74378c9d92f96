import { SAMPLE } from '@latchkey/sandbox'
import type { DialectName } from './table.ts'
import type { DialectsWorld } from './world.ts'

/** What a printed request is filled in with. */
export interface Filling extends Pick<DialectsWorld, 'publicKey' | 'authority' | 'bundlePath'> {
  /** In the place of the provider's host. */
  readonly base: string
  readonly secret: string
}

type Replacement = readonly [what: RegExp, by: string]

const FORM = 'application/x-www-form-urlencoded'

/** Host, ids, secrets, key material, and templates that stand for these; nothing else of a page. */
const REPLACEMENTS: Readonly<Record<DialectName, (filling: Filling) => readonly Replacement[]>> = {
  graph: ({ base, secret, publicKey }) => [
    [/^https:\/\/graph\.facebook\.com/, base],
    [/\bPHONE_NUMBER_ID\b/, SAMPLE.graph.unsetNumberId],
    [/\bACCESS_TOKEN\b/, secret],
    [/\bBUSINESS_PUBLIC_KEY\b|-----BEGIN PUBLIC KEY-----[^]*-----END PUBLIC KEY-----/, publicKey],
  ],
  onprem: ({ base, secret, publicKey, bundlePath }) => [
    [/^(?:https:\/\/your-webapp-hostname:your-webapp-port)?(?=\/v1\/)/, base],
    [/\byour-auth-token\b/, secret],
    [/^@your-path-to-certificate\.pem$|^certificate$/, `@${bundlePath}`],
    [/(?<=")2048_bit_RSA_key(?=")/, JSON.stringify(publicKey).slice(1, -1)],
  ],
  kaleyra: ({ base, secret, publicKey }) => [
    [/^https:\/\/(?:<api_domain>|api\.in\.kaleyra\.io)/, base],
    [/(?<=\/v2\/)(?:sid|HXAP16XXXXXX97IN)(?=\/)/, SAMPLE.kaleyra.sid],
    [/<phone-number>|\+91X{10}/, SAMPLE.kaleyra.phoneNumber],
    [/<api-key>|Ax{31}3/, secret],
    [/<Content-Type>/, FORM],
    [/<business_public_key>|-----BEGIN PUBLIC KEY-----[^]*-----END PUBLIC KEY-----/, publicKey],
  ],
  pbx: ({ base, secret, authority }) => [
    [/^(?:\{base_url\}\/\{api_path\}|\/openapi\/v1\.0)/, `${base}/openapi/v1.0`],
    [/(?<=\?access_token=)(?:\{access_token\}|\w+)$/, secret],
    [/<Content-Type header here>/, 'application/x-x509-ca-cert'],
    [/\(data\)/, authority.trimEnd()],
  ],
}

/** The words of a printed request, to be run. @throws Error where something is left of a template */
export function filledIn(
  words: readonly string[],
  dialect: DialectName,
  filling: Filling,
): readonly string[] {
  const replacements = REPLACEMENTS[dialect](filling)
  return words.map((word) => {
    // Where a page was wrapped in the middle of a URL.
    const whole = word.startsWith('https://') ? word.replaceAll(/\s+/g, '') : word
    const filled = replacements.reduce((text, [what, by]) => text.replace(what, () => by), whole)
    if (/<[\w -]+>|\{\w+\}|X{5}\b/.test(filled)) {
      throw new Error(`Cannot run what is printed: a template is left in ${filled}`)
    }
    return filled
  })
}
