/** A benchmark beyond its bound, run as `pnpm bench` runs those that there are. */
import { main } from './main.ts'

const [file = '', ...words] = process.argv.slice(2)
const beyond = async () =>
  [
    { id: 'beyond/a', what: 'Too slow', value: 2, unit: 's', bound: 1, direction: 'at most' },
  ] as const
await main({ beyond }, new URL(file), words)
