/** `pnpm bench`: measures, and writes down the results; `pnpm bench --check` fails where one is beyond its bound. */
import { benchCryptography } from './cryptography.ts'
import { benchDeliveries } from './deliveries.ts'
import { benchFleet } from './fleet.ts'
import { benchGrowth } from './growth.ts'
import { benchPassingThrough } from './passing-through.ts'
import { benchRead } from './read.ts'
import { main } from './table/main.ts'

const BENCHES = {
  read: benchRead,
  cryptography: benchCryptography,
  growth: benchGrowth,
  'passing-through': benchPassingThrough,
  deliveries: benchDeliveries,
  fleet: benchFleet,
} as const

await main(BENCHES, new URL('RESULTS.md', import.meta.url), process.argv.slice(2))
