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
 * Durable Objects, whose alarms do the work that is due in them. The test lets them go off; one that goes off by itself,
 * for a registry that has to be told again, does no work.
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
  const without = openLedger()
  const failures: unknown[] = []
  const turning = new Set<string>()
  let errands = new Errands(failures)

  return {
    async open(work) {
      const mine = errands
      fleetWork.report = (error) => {
        // What one fails of whose like are being killed is that.
        if (mine === errands) failures.push(error)
      }
      fleetWork.do = async (queue, ledger, name) => {
        if (!turning.delete(name)) return
        const enter: Enter = (go) => runInDurableObject(FLEET_LEDGER.getByName(name), go)
        await mine.works(() => work(queue, ledger, (errand) => mine.ask(errand, enter)))
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
    // An object has one alarm: a second turn at the same time does nothing.
    async turn(name) {
      turning.add(name)
      await errands.moves(() => runDurableObjectAlarm(FLEET_LEDGER.getByName(name)))
    },
    async kill() {
      errands.abandon()
      errands = new Errands(failures)
      turning.clear()
      await abortAllDurableObjects()
    },
    async storedKey(fingerprint) {
      const look = () => without.list({ kind: 'key', where: { fingerprint }, limit: 1 })
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
    failures,
    async discard() {
      errands.abandon()
      fleetWork.do = async () => undefined
      await reset()
    },
  }
}
