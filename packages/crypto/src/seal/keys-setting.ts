import { SettingError } from '@latchkey/core'

const SETTING = 'LATCHKEY_KEYS'

/** The setting `LATCHKEY_KEYS` as JSON, for `createKeyRing`. @throws SettingError, never with any of the content */
export function parseKeysSetting(text: string | undefined): unknown {
  if (text === undefined || text === '') {
    throw new SettingError(
      SETTING,
      `must be set to a JWK set of 256-bit keys, such as {"keys":[{"kty":"oct","kid":"1","k":"$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')"}]}`,
    )
  }
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed
  } catch {
    throw new SettingError(SETTING, 'must be JSON: a JWK set, {"keys":[…]}')
  }
}
