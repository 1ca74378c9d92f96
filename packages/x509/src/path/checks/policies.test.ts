import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { implicit, integer, oid, sequence } from '../../testing/der.ts'
import { extension } from '../../testing/extensions.ts'

const A = '1.3.6.1.4.1.99999.2.1'
const B = '1.3.6.1.4.1.99999.2.2'
const ANY = '2.5.29.32.0'

const policies = (...oids: readonly string[]) => ({
  certificatePolicies: extension(
    'certificatePolicies',
    sequence(...oids.map((each) => sequence(oid(each)))),
  ),
})
const mappings = (issuer: string, subject: string) => ({
  policyMappings: extension('policyMappings', sequence(sequence(oid(issuer), oid(subject))), true),
})
const count = (number: number, value: number) => implicit(number, Uint8Array.of(value))
const constraints = (...counts: readonly Uint8Array[]) => ({
  policyConstraints: extension('policyConstraints', sequence(...counts), true),
})
const REQUIRED = constraints(count(0, 0))
const NO_MAPPING = constraints(count(0, 0), count(1, 0))
const inhibitAny = { inhibitAnyPolicy: extension('inhibitAnyPolicy', integer(0), true) }

const chain = (authority: object, leaf: object): ChainChanges => ({
  authority: { extensions: { ...authority } },
  leaf: { extensions: { ...leaf } },
})

const MISSING = ['policy_missing']

const CASES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  ['no policy where none is demanded', chain({}, {}), []],
  ['no policy where one is demanded', chain(REQUIRED, {}), MISSING],
  ['the policy that the authority has', chain({ ...REQUIRED, ...policies(A) }, policies(A)), []],
  ['another policy', chain({ ...REQUIRED, ...policies(A) }, policies(B)), MISSING],
  ['an authority without any', chain(REQUIRED, policies(A)), MISSING],
  ['an authority for any policy', chain({ ...REQUIRED, ...policies(ANY) }, policies(A)), []],
  ['a leaf for any policy', chain({ ...REQUIRED, ...policies(A) }, policies(ANY)), []],
  [
    'a leaf for any policy where that is inhibited',
    chain({ ...REQUIRED, ...inhibitAny, ...policies(A) }, policies(ANY)),
    MISSING,
  ],
  [
    'the policy that it is mapped to',
    chain({ ...REQUIRED, ...policies(A), ...mappings(A, B) }, policies(B)),
    [],
  ],
  [
    'the policy that was mapped away',
    chain({ ...REQUIRED, ...policies(A), ...mappings(A, B) }, policies(A)),
    MISSING,
  ],
  [
    'a mapping that is not of the authority’s policies',
    chain({ ...REQUIRED, ...policies(A), ...mappings(B, A) }, policies(B)),
    MISSING,
  ],
  [
    'any policy mapped',
    chain({ ...policies(A), ...mappings(ANY, B) }, policies(B)),
    ['policy_mapping_wrong'],
  ],
  [
    'mapping where the authority itself inhibits it',
    chain({ ...NO_MAPPING, ...policies(A), ...mappings(A, B) }, policies(B)),
    [],
  ],
  ['a policy twice', chain({}, policies(A, A)), ['extension_malformed']],
  ['constraints that constrain nothing', chain(constraints(), {}), ['extension_malformed']],
  ['a leaf that demands one of itself', chain({}, REQUIRED), MISSING],
  [
    'constraints that are not critical',
    chain({ policyConstraints: extension('policyConstraints', sequence(count(1, 0))) }, {}),
    ['extension_must_be_critical'],
  ],
  ['a demand that starts with the leaf', chain(constraints(count(0, 1)), {}), MISSING],
  ['a demand that starts below the leaf', chain(constraints(count(0, 2)), {}), []],
]

describe('checkPolicies()', () => {
  test.each(CASES)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
