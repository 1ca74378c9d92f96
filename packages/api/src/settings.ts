import { SettingError } from '@latchkey/core'
import { tokenDigest } from '@latchkey/crypto'
import { isBearerToken } from './auth/bearer.ts'
import type { ApiSettings, TrustedIssuer } from './dependencies.ts'

export const ADMIN_TOKEN_SETTING = 'LATCHKEY_ADMIN_TOKEN'
const ISSUERS_SETTING = 'LATCHKEY_OIDC_ISSUERS'
const RATE_LIMIT_SETTING = 'LATCHKEY_RATE_LIMIT'

/** Shorter than this, a token could be guessed. */
const ADMIN_TOKEN_LENGTH_MIN = 32
const RATE_LIMIT_DEFAULT = 6000

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The API's own settings.
 * @throws SettingError
 */
export function apiSettings(env: Environment, version: string): ApiSettings {
  const adminToken = env[ADMIN_TOKEN_SETTING] ?? ''
  const issuers = issuersOf(env[ISSUERS_SETTING] ?? '')
  if (adminToken === '' && issuers.length === 0) {
    throw new SettingError(
      ADMIN_TOKEN_SETTING,
      `must be set (or ${ISSUERS_SETTING}), such as to "lk_$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')"`,
    )
  }
  if (adminToken !== '' && !isBearerToken(adminToken)) {
    throw new SettingError(
      ADMIN_TOKEN_SETTING,
      'must consist of letters, digits and -._~+/, as a bearer token can (RFC 6750 §2.1)',
    )
  }
  if (adminToken !== '' && adminToken.length < ADMIN_TOKEN_LENGTH_MIN) {
    throw new SettingError(
      ADMIN_TOKEN_SETTING,
      `must have at least ${ADMIN_TOKEN_LENGTH_MIN} characters`,
    )
  }
  return {
    adminTokenDigest: digestOf(adminToken),
    issuers,
    rateLimit: rateLimitOf(env[RATE_LIMIT_SETTING] ?? ''),
    version,
  }
}

/** Made when there is a token to compare it with: who asks for the Worker's health has none. */
function digestOf(token: string): ApiSettings['adminTokenDigest'] {
  let digest: string | null = null
  return async () => (token === '' ? null : (digest ??= await tokenDigest(token)))
}

function issuersOf(text: string): readonly TrustedIssuer[] {
  return text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [issuer = '', audience = '', ...rest] = pair.split('|')
      if (!isIssuer(issuer) || audience === '' || rest.length > 0) {
        throw new SettingError(
          ISSUERS_SETTING,
          'must be a comma list of issuer|audience, such as https://login.example.com|latchkey',
        )
      }
      return { issuer, audience }
    })
}

/** OpenID Connect Discovery 1.0 §3: a URL without query or fragment. That it is https is for the host policy. */
function isIssuer(text: string): boolean {
  return /^https?:\/\/[^\s?#@]+$/.test(text) && URL.canParse(text)
}

function rateLimitOf(text: string): number | null {
  if (text === '') return RATE_LIMIT_DEFAULT
  if (text === 'off') return null
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1) {
    throw new SettingError(RATE_LIMIT_SETTING, 'must be a number of requests a minute, or off')
  }
  return limit
}
