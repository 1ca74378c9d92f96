import { DAY, HOUR, type Instant, SECOND } from '../../instant.ts'
import type { Services } from '../../services.ts'
import { makeSpare, POOL_KEY, POOL_SIZE, type PoolState, RAISED_MS, sparesOf } from './pool.ts'

/** Making a pair takes a core a tenth of a second: so many at a time leave requests their turn. */
const PAIRS_A_TURN = 2
const PAIRS_A_TURN_RAISED = 8
const PAUSE_MS = SECOND
/** Made anew after that time, so that none outlives the key that it is sealed under by much. */
const SPARE_LIFE_MS = 30 * DAY
/** How often the pool is looked through when it is full. */
const LOOK_EVERY_MS = 6 * HOUR

/**
 * Makes key pairs ahead, a few in each turn, until there are as many as wanted. Those that are too many, or old, are
 * destroyed: they have never been anybody's key, so that the log hears nothing of them.
 */
export async function fillPool(services: Services): Promise<Instant | null> {
  const pool = await services.ledger.read<PoolState>(POOL_KEY)
  if (pool === null) return null
  const now = services.clock.now()
  const isRaised = now < pool.state.until
  const target = isRaised ? pool.state.target : POOL_SIZE
  let ready = 0
  for await (const { id, madeAt } of sparesOf(services)) {
    const age = Math.abs(now - madeAt)
    if (ready < target && age < SPARE_LIFE_MS) ready += 1
    // What was made for a rotation is there for it while it runs.
    else if (age >= RAISED_MS) await destroySpare(services, id)
  }
  const missing = target - ready
  const turn = Math.min(missing, target > POOL_SIZE ? PAIRS_A_TURN_RAISED : PAIRS_A_TURN)
  for (let made = 0; made < turn; made += 1) await makeSpare(services)
  if (missing > turn) return services.clock.now() + PAUSE_MS
  return now + LOOK_EVERY_MS
}

async function destroySpare({ ledger }: Services, id: string): Promise<void> {
  await ledger.mutate({ kind: 'spare', id }, (state) => ({
    result: null,
    ...(state === null ? {} : { next: null }),
  }))
}
