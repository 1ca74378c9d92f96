/** `pnpm start`: everything on one machine, with a sandbox in place of the providers. */
import { SettingError } from '@latchkey/core'
import { textLogger } from '@latchkey/platform'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'
import { dataFolder } from './compose.ts'
import { addressOf } from './listen.ts'
import { greeting } from './local/greeting.ts'
import { sampleNumbers } from './local/sample-data.ts'
import { samplePublicKey } from './local/sample-key.ts'
import { localSecrets } from './local/secrets.ts'
import { main, print } from './main.ts'
import { run } from './run.ts'

const SANDBOX_HOST = '127.0.0.1'

await main(async () => {
  const env = Deno.env.toObject()
  const folder = dataFolder(env)
  const secrets = await localSecrets(env, folder)
  const sandbox = wantsSandbox(env['LATCHKEY_SANDBOX']) ? await openSandbox(env) : null
  const reachable = [env.LATCHKEY_ALLOW_PRIVATE_HOSTS, sandbox && `${SANDBOX_HOST}/32`]
  const running = await run(
    {
      ...env,
      LATCHKEY_KEYS: secrets.keys,
      LATCHKEY_ADMIN_TOKEN: secrets.adminToken,
      LATCHKEY_ALLOW_PRIVATE_HOSTS: reachable.filter(Boolean).join(','),
    },
    textLogger(print, { verbose: env['LATCHKEY_VERBOSE'] === 'on' }),
  )
  print(
    greeting({
      url: running.url,
      adminToken: secrets.adminToken,
      sandboxUrl: sandbox?.url ?? null,
      numbers: sandbox === null ? [] : await sampleNumbers(running.services, sandbox),
      keyFile: await samplePublicKey(folder),
    }),
  )
  return {
    async stop() {
      await running.stop()
      await sandbox?.close()
    },
  }
})

function wantsSandbox(setting: string | undefined): boolean {
  if (setting === undefined || setting === 'on') return true
  if (setting === 'off') return false
  throw new SettingError('LATCHKEY_SANDBOX', 'must be on or off')
}

/** On the port after the API's, so that the sample connections find it again at the next start. */
async function openSandbox(env: Record<string, string>): Promise<Sandbox> {
  const { port } = addressOf(env)
  const wanted = port === 0 ? 0 : port + 1
  try {
    return await startSandbox({ hostname: SANDBOX_HOST, port: wanted })
  } catch {
    throw new SettingError('PORT', `must leave the next port free: ${wanted} is in use`)
  }
}
