/** `pnpm bench`: the benchmarks, with their ratios; by name, those alone. They assert nothing. */
import { benchDeliveries } from './deliveries.ts'
import { benchFleet } from './fleet.ts'
import { benchPassingThrough } from './passing-through.ts'

const BENCHMARKS = {
  'passing-through': benchPassingThrough,
  deliveries: benchDeliveries,
  fleet: benchFleet,
} as const

const wanted = process.argv.slice(2)
const say = (line: string) => void process.stdout.write(`${line}\n`)
for (const [name, bench] of Object.entries(BENCHMARKS)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench(say)
}
