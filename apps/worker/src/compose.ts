import { apiSettings, createApp } from '@latchkey/api'
import { type Clock, ensureDeployment } from '@latchkey/core'
import { durableObjectLedger } from '@latchkey/ledger/durable-object'
import { systemClock, systemRandom } from '@latchkey/platform'
import { type Env, settingsOf } from './env.ts'
import { seenVersions } from './isolate.ts'
import { placingObjects } from './place.ts'
import { reportTo } from './report.ts'
import { createServices } from './services.ts'
import { VERSION } from './version.ts'

export type App = ReturnType<typeof createApp>

/**
 * Builds the API over the Durable Objects.
 * @throws SettingError
 */
export async function compose(
  env: Env,
  options: { readonly defer: (work: Promise<unknown>) => void; readonly clock?: Clock },
): Promise<App> {
  const { defer, clock = systemClock } = options
  const settings = apiSettings(settingsOf(env), VERSION)
  const projection = {
    store: env.PROJECTION ?? null,
    versions: seenVersions,
    clock,
    defer,
    report: reportTo('projection'),
  }
  const objects = durableObjectLedger(env.LEDGER, { clock, random: systemRandom, projection })
  const ledger = placingObjects(objects, env.LEDGER, reportTo('place'))
  const services = await createServices(env, ledger, clock)
  // Whoever has woken this isolate does not wait for what they have not asked for.
  defer(systemClock.sleep(0).then(() => ensureDeployment(services)))
  return createApp({ services, settings, defer })
}
