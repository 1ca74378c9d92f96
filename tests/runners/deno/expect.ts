import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  type ExpectStatic,
  getState,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  type MatchersObject,
  setState,
} from '@vitest/expect'

chai.use(JestExtend)
chai.use(JestChaiExpect)
chai.use(JestAsymmetricMatchers)

/** What the plugins above add to `chai.expect` without telling its type. */
interface Extensible {
  extend(expect: ExpectStatic, matchers: MatchersObject): void
}
// The plugin JestExtend has added it.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const extensible = chai.expect as unknown as Extensible

function assertThat(value: unknown, message?: string) {
  const { assertionCalls } = getState(expect)
  setState({ assertionCalls: assertionCalls + 1 }, expect)
  return chai.expect(value, message)
}

/**
 * vitest's own assertions, put together as vitest does it. What needs its runner (snapshots, `poll`, `soft`) is
 * left out, so a test that uses it fails here at once.
 */
// The plugins install the methods at run time.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const expect = Object.assign(
  assertThat,
  chai.expect,
  Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT),
  {
    assert: chai.assert,
    assertions: (count: number) => setState({ expectedAssertionsNumber: count }, expect),
    hasAssertions: () => setState({ isExpectingAssertions: true }, expect),
    unreachable: (message = '') => chai.assert.fail(`expected not to be reached: ${message}`),
    extend: (matchers: MatchersObject) => extensible.extend(expect, matchers),
  },
) as unknown as ExpectStatic

// Matchers within matchers look it up there.
Reflect.set(globalThis, GLOBAL_EXPECT, expect)
forgetAssertions()
expect.extend(customMatchers)

/** Before each test: the promises of `expect.assertions()` are its own. */
export function forgetAssertions(): void {
  setState(
    { assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null },
    expect,
  )
}

/** @throws where `expect.assertions()` or `expect.hasAssertions()` was promised and not kept */
export function checkAssertions(): void {
  const { assertionCalls, expectedAssertionsNumber, isExpectingAssertions } = getState(expect)
  if (typeof expectedAssertionsNumber === 'number' && expectedAssertionsNumber !== assertionCalls) {
    throw new Error(`Expected ${expectedAssertionsNumber} assertions, got ${assertionCalls}`)
  }
  if (isExpectingAssertions === true && assertionCalls === 0) {
    throw new Error('Expected an assertion, got none')
  }
}
