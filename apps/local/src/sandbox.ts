import { SettingError } from '@latchkey/core'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'

const HOSTNAME = '127.0.0.1'

/** What the API has to be allowed to reach the sandbox. */
export const SANDBOX_RANGE = `${HOSTNAME}/32`

/**
 * The sandbox on the port after the API's, so that the sample connections find it again at the next start; null
 * where it is switched off.
 * @throws SettingError
 */
export async function localSandbox(
  setting: string | undefined,
  apiPort: number,
): Promise<Sandbox | null> {
  if (setting === 'off') return null
  if (setting !== undefined && setting !== 'on') {
    throw new SettingError('LATCHKEY_SANDBOX', 'must be on or off')
  }
  const port = apiPort === 0 ? 0 : apiPort + 1
  try {
    return await startSandbox({ hostname: HOSTNAME, port })
  } catch (cause) {
    throw new SettingError('PORT', `must leave the next port free: ${port} is in use`, { cause })
  }
}
