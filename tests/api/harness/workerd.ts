/// <reference types="@latchkey/ledger/cloudflare" />
/// <reference types="@latchkey/ledger/cloudflare-test" />
import { reset, runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Ledger } from '@latchkey/core'
import { durableObjectLedger } from '@latchkey/ledger/durable-object'
import { systemRandom } from '@latchkey/platform'
import { sandboxControl } from '@latchkey/sandbox/control'
import { compose } from '@latchkey/worker/compose'
import type { Env } from '@latchkey/worker/env'
import { apiClock } from '../../runners/workerd/api-object.ts'
import { companions } from '../../runners/workerd/companions.ts'
import { type ApiHarness, HARNESS_ENV, harnessEnv, type HarnessOptions } from './harness.ts'

/** What is done in one object may give another something to do. */
const ROUNDS = 3
const LEVELS = ['debug', 'info', 'warn', 'error'] as const

interface TestEnv {
  readonly API_LEDGER: Env['LEDGER']
  readonly PROJECTION: NonNullable<Env['PROJECTION']>
}

/** The ledger of the API under test, past the API. */
export function apiLedger(): Ledger {
  return durableObjectLedger(bindings().API_LEDGER, { clock: apiClock, random: systemRandom })
}

/** The Worker inside workerd, over real Durable Objects, with the sandbox beside it. */
export async function openWorkerdHarness(options: HarnessOptions = {}): Promise<ApiHarness> {
  const { sandboxUrl, issuersUrl, receiversUrl } = companions()
  const sandbox = sandboxControl(sandboxUrl)
  await sandbox.reset()
  apiClock.reset(options.haste)
  const lines: string[] = []
  const release = captureConsole(lines)
  const { API_LEDGER, PROJECTION } = bindings()
  const deferred: Promise<unknown>[] = []
  const requesting = async (): Promise<ApiHarness['request']> => {
    const app = await compose(
      { ...harnessEnv(options, issuersUrl), LEDGER: API_LEDGER, PROJECTION },
      { defer: (work) => void deferred.push(work), clock: apiClock },
    )
    // What a deployment does for itself at first is not to be mixed with what a test counts.
    await Promise.all(deferred)
    return async (path, init) => app.request(`http://latchkey.test${path}`, init)
  }
  const request = await requesting().catch((error: unknown) => {
    release()
    throw error
  })
  return {
    adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
    urls: {
      graph: `${sandboxUrl}/graph`,
      onprem: `${sandboxUrl}/onprem`,
      kaleyra: `${sandboxUrl}/kaleyra`,
      pbx: `${sandboxUrl}/pbx`,
    },
    hasOwnTrust: false,
    sandbox,
    issuersUrl,
    receiversUrl,
    request,
    async elsewhere() {
      return { adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN, request: await requesting() }
    },
    async advance(ms) {
      apiClock.jump(ms)
      await Promise.all(deferred)
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const name of await partitions()) {
          await runDurableObjectAlarm(API_LEDGER.getByName(name))
        }
      }
    },
    logs: () => lines,
    async close() {
      await Promise.allSettled(deferred)
      release()
      await reset()
    },
  }
}

/** The objects of this test by name: the runtime's own list also has those of earlier ones, and no names. */
async function partitions(): Promise<readonly string[]> {
  const connections = await apiLedger().list({ kind: 'connection', limit: 200 })
  return ['registry', ...connections.items.map((each) => each.id)]
}

function bindings(): TestEnv {
  // Those of this runner's wrangler.jsonc.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return env as unknown as TestEnv
}

/** The Worker logs to the console. */
function captureConsole(lines: string[]): () => void {
  const originals = LEVELS.map((level) => [level, console[level]] as const)
  for (const level of LEVELS) console[level] = (line: unknown) => void lines.push(String(line))
  return () => {
    for (const [level, original] of originals) console[level] = original
  }
}
