import type { AnyEmulators, Emulators } from '../emulators.ts'
import type { FaultList } from '../faults/list.ts'
import { pathMatches } from '../faults/match.ts'
import { parseFaultRule } from '../faults/rule.ts'
import type { AdjustableClock } from '../shared/clock.ts'
import type { Incident } from '../shared/incidents.ts'
import { registerSlot, type KeySlot } from '../shared/key-slot.ts'
import { InputError } from '../shared/readers.ts'
import type { Recorder } from '../shared/recorder.ts'
import type { Upstream } from '../shared/upstreams.ts'
import { withGraphNumbers, type World } from '../world.ts'
import type { SandboxControl } from './control.ts'
import { parseSubscription } from './input.ts'

/** The parts of a sandbox that its control turns. */
export interface ControlledParts {
  readonly clock: AdjustableClock
  readonly seed: World
  readonly recorder: Recorder
  readonly faults: FaultList
  readonly incidents: Incident[]
  emulators(): Emulators
  rebuild(world: World): void
}

/** Turns the sandbox of this process. */
export function createLocalControl(parts: ControlledParts): SandboxControl {
  const slotOf = (upstream: Upstream, number: string): KeySlot => {
    const slot = parts.emulators()[upstream].numbers.get(number)
    if (slot === undefined) throw new InputError('number', `is not one of ${upstream}: ${number}`)
    return slot
  }
  return {
    async reset(options = {}) {
      const { seed, recorder, faults, incidents } = parts
      const count = options.graphNumbers
      parts.emulators().graph.webhook.end()
      parts.rebuild(count === undefined ? seed : withGraphNumbers(seed, count))
      faults.clear()
      recorder.clear()
      incidents.length = 0
    },
    async addFault(rule) {
      const checked = parseFaultRule(rule)
      const { answer, upstream } = checked
      if (answer?.kind === 'vendor-error' && parts.emulators()[upstream].fail(answer.code) === null)
        throw new InputError('answer.code', `is not an error code of ${upstream}`)
      return parts.faults.add(checked)
    },
    faults: async () => parts.faults.all(),
    async removeFault(id) {
      if (!parts.faults.remove(id)) throw new InputError('id', `is not a fault that is set: ${id}`)
    },
    clearFaults: async (upstream) => parts.faults.clear(upstream),
    requests: async ({ upstream, method, path } = {}) =>
      parts.recorder.read(
        (each) =>
          (upstream === undefined || each.upstream === upstream) &&
          (method === undefined || each.method === method.toUpperCase()) &&
          (path === undefined || pathMatches(path, each.path)),
      ),
    clearRequests: async () => parts.recorder.clear(),
    incidents: async () => [...parts.incidents],
    async state(upstream) {
      const emulators: AnyEmulators = parts.emulators()
      const emulator = emulators[upstream]
      return {
        details: emulator.details(),
        knobs: emulator.knobs.current,
        numbers: [...emulator.numbers].map(([id, { registered, key, writes, history }]) => ({
          id,
          registered,
          key,
          writes,
          history: [...history],
        })),
      }
    },
    setKnobs: async (upstream, change) => parts.emulators()[upstream].knobs.turn(change),
    async setNumber(upstream, number, change) {
      const slot = slotOf(upstream, number)
      const held = slot.key !== null
      if (change.registered !== undefined) slot.registered = change.registered
      if (change.key !== undefined) {
        slot.key = change.key
        slot.stale = null
        if (held && upstream === 'graph') parts.emulators().graph.tellLost(number)
      }
    },
    async reregister(upstream, number) {
      registerSlot(slotOf(upstream, number))
      if (upstream === 'graph') parts.emulators().graph.tellRegistered(number)
    },
    subscribe: async (subscription) =>
      parts.emulators().graph.webhook.subscribe(parseSubscription(subscription)),
    unsubscribe: async () => parts.emulators().graph.webhook.end(),
    expireTokens: async (upstream) => parts.emulators()[upstream].expireTokens(),
    restart: async (containers = 'webapp') => parts.emulators().onprem.restart(containers),
    dropCertsTable: async () => parts.emulators().onprem.dropCertsTable(),
    unblock: async () => parts.emulators().pbx.unblock(),
    signEvent: async (event) => parts.emulators().pbx.signEvent(event),
    advanceClock: async (ms) => parts.clock.advance(ms),
  }
}
