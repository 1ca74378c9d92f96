/** `pnpm bench`: the benchmarks, with their ratios. They assert nothing. */
import { benchPassingThrough } from './passing-through.ts'

await benchPassingThrough((line) => process.stdout.write(`${line}\n`))
