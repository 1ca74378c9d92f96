import type { DetailsOf, KnobsOf } from './control/control.ts'
import { createGraph, type GraphEmulator } from './graph/emulator.ts'
import { createKaleyra } from './kaleyra/emulator.ts'
import { createOnPrem, type OnPremEmulator } from './onprem/emulator.ts'
import { createPbx, type PbxEmulator } from './pbx/emulator.ts'
import type { Emulator, Surroundings } from './shared/emulator.ts'
import type { Upstream } from './shared/upstreams.ts'
import type { World } from './world.ts'

/** One emulator for each upstream, with the state of one world. */
export type AnyEmulators = { readonly [U in Upstream]: Emulator<KnobsOf[U], DetailsOf[U]> }

/** The same, with the grips that only one of them has. */
export interface Emulators extends AnyEmulators {
  readonly graph: GraphEmulator
  readonly onprem: OnPremEmulator
  readonly pbx: PbxEmulator
}

export function createEmulators(
  world: World,
  surround: (upstream: Upstream) => Surroundings,
): Emulators {
  return {
    graph: createGraph(world.graph, surround('graph')),
    onprem: createOnPrem(world.onprem, surround('onprem')),
    kaleyra: createKaleyra(world.kaleyra, surround('kaleyra')),
    pbx: createPbx(world.pbx, surround('pbx')),
  }
}
