import { apiSettings, createApp } from '@latchkey/api'
import {
  type Clock,
  ensureDeployment,
  intervalsOf,
  lazyCourier,
  lazyInspector,
  rememberingSealer,
  type Ledger,
  type Logger,
  type Services,
  SettingError,
  SIGNING_KEY_PLACE,
  type TaskQueue,
} from '@latchkey/core'
import {
  createKeyRing,
  ed25519Signer,
  rsaKeyMaker,
  parseKeysSetting,
  signWebhook,
} from '@latchkey/crypto'
import { createHostPolicy, createUpstream } from '@latchkey/http'
import { createSocketTransport } from '@latchkey/http/socket'
import { continuesChain } from '@latchkey/ledger'
import { systemRandom } from '@latchkey/platform'
import { providers } from '@latchkey/providers'
import type { Environment } from './environment.ts'
import { openStorage, type Storage, storageOf } from './storage.ts'

export interface Composition {
  readonly app: ReturnType<typeof createApp>
  readonly services: Services
  readonly queue: Ledger & TaskQueue
}

/**
 * Builds the whole program of one host: Deno, over SQLite in the data folder, or over Postgres with other hosts.
 * @throws SettingError
 */
export async function compose(
  env: Environment,
  options: { readonly version: string; readonly logger: Logger; readonly clock: Clock },
): Promise<Composition> {
  const settings = apiSettings(env, options.version)
  const keyRing = await createKeyRing(parseKeysSetting(env['LATCHKEY_KEYS']))
  const policy = createHostPolicy({
    allowPrivate: env['LATCHKEY_ALLOW_PRIVATE_HOSTS'] ?? '',
    upstreamHosts: env['LATCHKEY_UPSTREAM_HOSTS'] ?? '',
  })
  const storage = storageOf(env)
  const transport = createSocketTransport({ policy })
  const { clock, logger } = options
  const random = systemRandom
  const queue = await openStorage(storage, { logger, clock })
  const services: Services = {
    ledger: queue,
    upstream: createUpstream({ transport, policy, clock, random }),
    courier: lazyCourier(async () => {
      const { createCourier } = await import('@latchkey/http/courier')
      return createCourier({ transport, policy, clock })
    }),
    providers,
    sealer: rememberingSealer(keyRing.sealer, clock),
    signer: ed25519Signer,
    signWebhook,
    keyMaker: rsaKeyMaker,
    intervals: intervalsOf(env),
    inspector: lazyInspector(() => import('@latchkey/x509')),
    chain: { continues: continuesChain },
    clock,
    random,
    logger,
  }
  try {
    await requireOldKeys(services, storage)
  } catch (error) {
    await queue.close()
    throw error
  }
  return { app: createApp({ services, settings, defer: (work) => void work }), services, queue }
}

/**
 * Opens what was sealed at the first start: keys that cannot are those of other data, and would fail at every call.
 * @throws SettingError
 */
async function requireOldKeys(services: Services, { setting }: Storage): Promise<void> {
  const { signingKey } = await ensureDeployment(services)
  try {
    await services.sealer.open(signingKey, SIGNING_KEY_PLACE)
  } catch (cause) {
    const shouldBe = `must hold the key that the data in ${setting} was encrypted with`
    throw new SettingError('LATCHKEY_KEYS', shouldBe, { cause })
  }
}
