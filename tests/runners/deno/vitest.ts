/**
 * What our tests use of vitest, over `Deno.test`: one test file serves all three runtimes.
 * The assertions are vitest's own (`@vitest/expect`), only the runner is Deno's.
 */
import { eachTitle } from './each-title.ts'
import { checkAssertions, expect, forgetAssertions } from './expect.ts'
import { createScope, type Hook, runInScopes, type Scope, TIMEOUT_MS, within } from './hooks.ts'
import { declared, ended } from './record.ts'

export { expect }

const file = createScope('', false)
const scopes: Scope[] = [file]
const innermost = (): Scope => scopes.at(-1) ?? file

export const beforeAll = (hook: Hook) => void innermost().beforeAll.push(hook)
export const afterAll = (hook: Hook) => void innermost().afterAll.push(hook)
export const beforeEach = (hook: Hook) => void innermost().beforeEach.push(hook)
export const afterEach = (hook: Hook) => void innermost().afterEach.push(hook)

function declareTest(ignored: boolean, title: string, body: Hook, timeout = TIMEOUT_MS): void {
  const chain = [...scopes]
  const ignore = ignored || chain.some((scope) => scope.ignored)
  if (!ignore) for (const scope of chain) scope.remaining += 1
  const path = [...chain.map((scope) => scope.name), title].filter((part) => part !== '')
  const name = path.join(' > ')
  const id = declared(name, ignore)
  Deno.test({
    name,
    ignore,
    // vitest has no such sanitizers, and a pooled socket may outlive its test on purpose.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      try {
        forgetAssertions()
        await runInScopes(chain, () => within(timeout, 'The test', body))
        checkAssertions()
      } catch (error) {
        ended(id, error)
        throw error
      }
      ended(id)
    },
  })
}

function declareSuite(ignored: boolean, title: string, body: Hook): void {
  scopes.push(createScope(title, ignored))
  try {
    body()
  } finally {
    scopes.pop()
  }
}

type Declare = (ignored: boolean, title: string, body: Hook, timeout?: number) => void

/** `test` and `describe` have the same forms; what is not here (`only`, `todo`, `concurrent`) is refused. */
function withForms(declare: Declare) {
  const form = (ignored: boolean) => (title: string, body: Hook, timeout?: number) =>
    declare(ignored, title, body, timeout)
  const each =
    <Row>(rows: readonly Row[]) =>
    (template: string, body: (...row: unknown[]) => unknown, timeout?: number) => {
      for (const [index, row] of rows.entries()) {
        const values: readonly unknown[] = Array.isArray(row) ? row : [row]
        declare(false, eachTitle(template, values, index), () => body(...values), timeout)
      }
    }
  return Object.assign(form(false), {
    each,
    skip: form(true),
    skipIf: form,
    runIf: (condition: boolean) => form(!condition),
  })
}

export const test = withForms(declareTest)
export const it = test
export const describe = withForms(declareSuite)
