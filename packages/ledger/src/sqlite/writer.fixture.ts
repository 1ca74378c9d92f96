/**
 * A process of its own that adds to one counter of a ledger file: `<path> <times>`. Says each version on a
 * line of its own, only once it is committed.
 */
import { openSqliteLedger } from './open-sqlite-ledger.ts'

const [path = '', times = '0'] = process.argv.slice(2)
const ledger = await openSqliteLedger({ path })
for (let n = 0; n < Number(times); n += 1) {
  const version = await ledger.mutate<{ count: number }, number>(
    { kind: 'token', id: 'tok_shared' },
    (state, before) => {
      const count = (state?.count ?? 0) + 1
      return {
        result: before + 1,
        next: { count },
        labels: { parity: count % 2 === 0 ? 'even' : 'odd' },
        events: [
          { type: 'step', at: count, actor: { kind: 'system', id: 'writer' }, data: { count } },
        ],
        tasks: [{ name: 'follow', due: count }],
      }
    },
  )
  process.stdout.write(`${version}\n`)
}
await ledger.close()
