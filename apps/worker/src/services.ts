import {
  type Clock,
  intervalsOf,
  lazyCourier,
  lazyInspector,
  lazySigner,
  type Ledger,
  rememberingSealer,
  type Services,
} from '@latchkey/core'
import { createKeyRing, rsaKeyMaker, parseKeysSetting, signWebhook } from '@latchkey/crypto'
import { createFetchTransport, createHostPolicy, createUpstream } from '@latchkey/http'
import { continuesChain } from '@latchkey/ledger'
import { jsonLogger, systemClock, systemRandom } from '@latchkey/platform'
import { providers } from '@latchkey/providers'
import { type Env, settingsOf } from './env.ts'

/** An invocation has six outgoing connections (Workers, "Simultaneous open connections"). */
const CALLS_AT_ONCE = 6

export const logger = jsonLogger(systemClock, (line, level) => {
  // The platform's logs are what the console prints.
  console[level](line())
})

/**
 * What operations need, over a ledger: the Worker's or an object's own.
 * @throws SettingError
 */
export async function createServices(
  env: Env,
  ledger: Ledger,
  clock: Clock = systemClock,
): Promise<Services> {
  const policy = createHostPolicy({
    allowPrivate: env.LATCHKEY_ALLOW_PRIVATE_HOSTS ?? '',
    upstreamHosts: env.LATCHKEY_UPSTREAM_HOSTS ?? '',
  })
  const keyRing = await createKeyRing(parseKeysSetting(env.LATCHKEY_KEYS))
  const transport = createFetchTransport({ policy })
  const random = systemRandom
  return {
    ledger,
    chain: { continues: continuesChain },
    upstream: createUpstream({ transport, policy, clock, random, callsAtOnce: CALLS_AT_ONCE }),
    courier: lazyCourier(async () => {
      const { createCourier } = await import('@latchkey/http/courier')
      return createCourier({ transport, policy, clock })
    }),
    providers,
    sealer: rememberingSealer(keyRing.sealer, clock),
    signer: lazySigner(async () => (await import('@latchkey/crypto/signer')).ed25519Signer),
    signWebhook,
    keyMaker: rsaKeyMaker,
    intervals: intervalsOf(settingsOf(env)),
    inspector: lazyInspector(() => import('@latchkey/x509')),
    clock,
    random,
    logger,
  }
}
