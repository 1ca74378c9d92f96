/** `pnpm bench`: measures, and writes down the results; `pnpm bench --check` fails where one is beyond its bound. */
import { benchCryptography } from './cryptography.ts'
import { benchDeliveries } from './deliveries.ts'
import { benchFleet } from './fleet.ts'
import { benchFleetOnWorkers } from './fleet-workers.ts'
import { benchGrowth } from './growth.ts'
import { benchMemory } from './memory.ts'
import { benchPassingThrough } from './passing-through.ts'
import { benchPublishes } from './publishes.ts'
import { benchRead } from './read.ts'
import { benchStart } from './start.ts'
import { main } from './table/main.ts'

const BENCHES = {
  read: benchRead,
  publishes: benchPublishes,
  cryptography: benchCryptography,
  growth: benchGrowth,
  memory: benchMemory,
  'passing-through': benchPassingThrough,
  deliveries: benchDeliveries,
  fleet: benchFleet,
  'fleet-workers': benchFleetOnWorkers,
  start: benchStart,
} as const

await main(BENCHES, new URL('RESULTS.md', import.meta.url), process.argv.slice(2))
