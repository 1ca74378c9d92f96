import { describe } from 'vitest'
import { testChains } from './suite/chains.ts'
import { testCommits } from './suite/commits.ts'
import { testDigests } from './suite/digests.ts'
import { testEventLists } from './suite/event-lists.ts'
import { checkWith, type Open } from './suite/harness.ts'
import { testFollowers } from './suite/followers.ts'
import { testLists } from './suite/lists.ts'
import { testReceipts } from './suite/receipts.ts'
import { testRestarts } from './suite/restarts.ts'
import { testTasks } from './suite/tasks.ts'
import { testTombstones } from './suite/tombstones.ts'

export type { Harness, Open } from './suite/harness.ts'
export { BREAK_TASKS, CUT_OFF, DAMAGE_TASKS, TAMPER } from './suite/sabotage.ts'

/** What every engine has to do, as tests. `open` makes fresh, empty storage for each of them. */
export function ledgerSuite(name: string, open: Open): void {
  describe(name, () => {
    const check = checkWith(open)
    testCommits(check)
    testChains(check)
    testDigests(check)
    testEventLists(check)
    testLists(check)
    testTombstones(check)
    testTasks(check)
    testFollowers(check)
    testReceipts(check)
    testRestarts(check)
  })
}
