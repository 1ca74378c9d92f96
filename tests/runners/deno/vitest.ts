/**
 * What our tests use of vitest, over `Deno.test`: one test file serves all three runtimes.
 * The assertions are vitest's own (`@vitest/expect`), only the runner is Deno's.
 */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect'
import * as chai from 'chai'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
)

type Body = () => unknown
interface Scope {
  readonly name: string
  readonly beforeAll: Body[]
  readonly afterAll: Body[]
  readonly beforeEach: Body[]
  readonly afterEach: Body[]
  started: boolean
  remaining: number
}

const scope = (name: string): Scope => ({
  name,
  beforeAll: [],
  afterAll: [],
  beforeEach: [],
  afterEach: [],
  started: false,
  remaining: 0,
})

const scopes: Scope[] = [scope('')]
const innermost = (): Scope => scopes.at(-1) ?? scopes[0] ?? scope('')

export const beforeAll = (body: Body) => void innermost().beforeAll.push(body)
export const afterAll = (body: Body) => void innermost().afterAll.push(body)
export const beforeEach = (body: Body) => void innermost().beforeEach.push(body)
export const afterEach = (body: Body) => void innermost().afterEach.push(body)

async function runInScopes(chain: readonly Scope[], body: Body): Promise<void> {
  for (const each of chain) {
    if (each.started) continue
    each.started = true
    for (const hook of each.beforeAll) await hook()
  }
  try {
    for (const each of chain) for (const hook of each.beforeEach) await hook()
    await body()
  } finally {
    for (const each of chain.toReversed()) {
      for (const hook of each.afterEach) await hook()
      each.remaining -= 1
      if (each.remaining === 0) for (const hook of each.afterAll) await hook()
    }
  }
}

function register(name: string, body: Body, ignore = false): void {
  const chain = [...scopes]
  if (!ignore) for (const each of chain) each.remaining += 1
  const path = [...chain.map((each) => each.name), name].filter((part) => part !== '')
  Deno.test({
    name: path.join(' > '),
    ignore,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => runInScopes(chain, body),
  })
}

/** Fills `%s` and `%i` from a row, as vitest does. */
function title(template: string, row: readonly unknown[]): string {
  let index = 0
  return template.replaceAll(/%[sijd]/g, () => String(row[index++]))
}

const each =
  <Row>(rows: readonly Row[]) =>
  (template: string, body: (...row: never[]) => unknown) => {
    for (const row of rows) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row]
      // The row's own type is what the body was written for.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      register(title(template, values), () => body(...(values as never[])))
    }
  }

export const test = Object.assign(
  (name: string, body: Body, _timeout?: number) => register(name, body),
  {
    each,
    skip: (name: string, body: Body = () => undefined) => register(name, body, true),
    skipIf:
      (condition: boolean) =>
      (name: string, body: Body, _timeout?: number) =>
        register(name, body, condition),
  },
)
export const it = test

export function describe(name: string, body: () => void): void {
  scopes.push(scope(name))
  try {
    body()
  } finally {
    scopes.pop()
  }
}
