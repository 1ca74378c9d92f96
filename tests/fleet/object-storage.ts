/// <reference types="@latchkey/ledger/cloudflare" />
/// <reference types="@latchkey/ledger/cloudflare-test" />
import {
  abortAllDurableObjects,
  reset,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { TaskQueue } from '@latchkey/core'
import { durableObjectLedger, type LedgerStub } from '@latchkey/ledger/durable-object'
import { systemClock, systemRandom } from '@latchkey/platform'
import { fleetWork } from '../runners/workerd/fleet-object.ts'
import { type Enter, Errands } from './errands.ts'
import type { FleetStorage } from './storage.ts'

/** More than any chain of promises is long that waits for nothing else. */
const MICROTASKS = 200

/**
 * Durable Objects, whose alarms do the work that is due in them. The test lets them go off: by the clock of the machine
 * none may ever be due.
 */
export function objectStorage(): FleetStorage {
  // A binding of this runner's wrangler.jsonc.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { FLEET_LEDGER } = env as unknown as {
    readonly FLEET_LEDGER: { getByName(name: string): LedgerStub & TaskQueue }
  }
  /** Those that this test has called: the runtime's own list also has those of earlier ones, and no names. */
  const names = new Set<string>()
  const namespace = {
    getByName(name: string) {
      names.add(name)
      return FLEET_LEDGER.getByName(name)
    },
  }
  const openLedger = () =>
    durableObjectLedger(namespace, { clock: systemClock, random: systemRandom })
  const onDisk = openLedger()
  let errands = new Errands()

  return {
    async open(work) {
      const mine = errands
      fleetWork.do = (queue, ledger, name) => {
        const enter: Enter = (go) => runInDurableObject(FLEET_LEDGER.getByName(name), go)
        return mine.works(() => work(queue, ledger, (errand) => mine.ask(errand, enter)))
      }
      return openLedger()
    },
    async due() {
      const all = [...names].map(async (name) => {
        const at = await FLEET_LEDGER.getByName(name).nextDue()
        return at === null ? [] : [{ queue: name, at }]
      })
      return (await errands.moves(() => Promise.all(all))).flat()
    },
    async turn(name) {
      await errands.moves(() => runDurableObjectAlarm(FLEET_LEDGER.getByName(name)))
    },
    async kill() {
      errands.abandon()
      errands = new Errands()
      await abortAllDurableObjects()
    },
    async storedKey(fingerprint) {
      const look = () => onDisk.list({ kind: 'key', where: { fingerprint }, limit: 1 })
      // One that is killed while it is asked is asked again.
      const { items } = await look().catch(look)
      return items[0]?.state ?? null
    },
    async stir(again) {
      if (again) await new Promise((resolve) => void setImmediate(resolve))
      // Whatever else is on its way is counted.
      else for (let round = 0; round < MICROTASKS; round += 1) await Promise.resolve()
      return errands.begin()
    },
    async discard() {
      errands.abandon()
      await reset()
      const failures = fleetWork.failures.splice(0)
      if (failures.length > 0) throw new Error('An object failed', { cause: failures[0] })
    },
  }
}
