/** `pnpm bench`: the benchmarks, with their ratios. They assert nothing. */
import { benchDeliveries } from './deliveries.ts'
import { benchPassingThrough } from './passing-through.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)
await benchPassingThrough(say)
await benchDeliveries(say)
