/** `pnpm start`: everything on one machine, with a sandbox in place of the providers. */
import {
  greeting,
  localSandbox,
  localSecrets,
  sampleData,
  samplePublicKey,
  SANDBOX_RANGE,
} from '@latchkey/local'
import { textLogger } from '@latchkey/platform'
import { addressOf } from './listen.ts'
import { main, print, printLog } from './main.ts'
import { type Running, run } from './run.ts'
import { dataFolder } from './storage.ts'

await main(async () => {
  const env = Deno.env.toObject()
  const folder = dataFolder(env)
  const { keys, adminToken } = await localSecrets(env, folder)
  const sandbox = await localSandbox(env['LATCHKEY_SANDBOX'], addressOf(env).port)
  const ranges = [env['LATCHKEY_ALLOW_PRIVATE_HOSTS'], sandbox === null ? '' : SANDBOX_RANGE]
  const running = await run(
    {
      ...env,
      LATCHKEY_KEYS: keys,
      LATCHKEY_ADMIN_TOKEN: adminToken,
      LATCHKEY_ALLOW_PRIVATE_HOSTS: ranges.filter(Boolean).join(','),
    },
    textLogger(printLog, { verbose: false }),
  )
  const samples =
    sandbox === null ? null : await sampleData(asAdmin(running, adminToken), sandbox, running.url)
  print(
    greeting({
      url: running.url,
      adminToken,
      sandboxUrl: sandbox?.url ?? null,
      samples,
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

function asAdmin({ app, url }: Running, token: string) {
  return async (method: string, path: string, body?: unknown): Promise<Response> =>
    app.request(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}
