export type Hook = () => unknown

/** The hooks of one `describe`, or of the file. */
export interface Scope {
  readonly name: string
  readonly ignored: boolean
  readonly beforeAll: Hook[]
  readonly afterAll: Hook[]
  readonly beforeEach: Hook[]
  readonly afterEach: Hook[]
  /** What `beforeAll` hooks returned: vitest runs it after the `afterAll` hooks. */
  readonly cleanups: Hook[]
  /** Settled once for all tests of the scope: where it failed, each of them fails. */
  ready?: Promise<void>
  /** Tests that have not ended; the last one runs `afterAll`. */
  remaining: number
}

export const createScope = (name: string, ignored: boolean): Scope => ({
  name,
  ignored,
  beforeAll: [],
  afterAll: [],
  beforeEach: [],
  afterEach: [],
  cleanups: [],
  remaining: 0,
})

/** As in the configurations of vitest; hooks hang as easily as tests. */
export const TIMEOUT_MS = 30_000

/** @throws when `body` throws, or has not ended after `milliseconds` */
export async function within(milliseconds: number, what: string, body: Hook): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not end within ${milliseconds} ms`)),
      milliseconds,
    )
  })
  try {
    return await Promise.race([Promise.resolve(body()), late])
  } finally {
    clearTimeout(timer)
  }
}

async function setUp(what: string, hooks: readonly Hook[], cleanups: Hook[]): Promise<void> {
  for (const hook of hooks) {
    const cleanup = await within(TIMEOUT_MS, what, hook)
    if (typeof cleanup === 'function') cleanups.push(() => Reflect.apply(cleanup, undefined, []))
  }
}

async function tearDown(what: string, hooks: readonly Hook[], errors: unknown[]): Promise<void> {
  for (const hook of hooks.toReversed()) {
    await within(TIMEOUT_MS, what, hook).catch((error: unknown) => errors.push(error))
  }
}

/**
 * Runs `body` inside the hooks of its scopes, outermost first, in vitest's order.
 * @throws what failed; all of it, where teardown failed too
 */
export async function runInScopes(chain: readonly Scope[], body: Hook): Promise<void> {
  const errors: unknown[] = []
  const cleanups: Hook[] = []
  const entered: Scope[] = []
  try {
    for (const scope of chain) {
      scope.ready ??= setUp('beforeAll()', scope.beforeAll, scope.cleanups)
      await scope.ready
    }
    for (const scope of chain) {
      entered.unshift(scope)
      await setUp('beforeEach()', scope.beforeEach, cleanups)
    }
    await body()
  } catch (error) {
    errors.push(error)
  }
  for (const scope of entered) await tearDown('afterEach()', scope.afterEach, errors)
  await tearDown('afterEach()', cleanups, errors)
  for (const scope of chain.toReversed()) {
    scope.remaining -= 1
    if (scope.remaining > 0) continue
    await tearDown('afterAll()', scope.afterAll, errors)
    await tearDown('afterAll()', scope.cleanups, errors)
  }
  if (errors.length > 1) throw new AggregateError(errors, 'The test and its hooks failed')
  if (errors.length === 1) throw errors[0]
}
