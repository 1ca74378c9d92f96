import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { basicConstraints, extension, keyUsage } from '../../testing/extensions.ts'
import type { KeyUsage } from '../../read/extensions/usage.ts'
import { bitString } from '../../testing/der.ts'

const usage = (...usages: readonly KeyUsage[]) => ({
  keyUsage: extension('keyUsage', keyUsage(...usages), true),
})
const constraints = (ca: boolean, pathLength?: number, critical = true) => ({
  basicConstraints: extension('basicConstraints', basicConstraints(ca, pathLength), critical),
})

const CASES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  // The holder of any certificate would be an authority over all names.
  [
    'a certificate that is no authority and signs',
    { authority: { extensions: constraints(false) } },
    ['not_a_ca'],
  ],
  [
    'one that does not say',
    { authority: { extensions: { basicConstraints: null } } },
    ['not_a_ca'],
  ],
  ['a root that does not say', { root: { extensions: { basicConstraints: null } } }, ['not_a_ca']],
  [
    'an authority that does not insist on being understood',
    { authority: { extensions: constraints(true, undefined, false) } },
    ['extension_must_be_critical'],
  ],
  [
    'an authority whose key may not sign certificates',
    { authority: { extensions: usage('cRLSign') } },
    ['key_usage_wrong'],
  ],
  [
    'a root whose key may not',
    { root: { extensions: usage('digitalSignature') } },
    ['key_usage_wrong'],
  ],
  [
    'an authority without key usage',
    { authority: { extensions: { keyUsage: null } } },
    ['key_usage_missing'],
  ],
  ['a root without key usage', { root: { extensions: { keyUsage: null } } }, []],
  [
    'the same where the profile allows it',
    { profile: 'rfc5280', authority: { extensions: { keyUsage: null } } },
    [],
  ],
  ['an authority as leaf', { leaf: { extensions: constraints(true) } }, ['ca_as_leaf']],
  [
    'the same where the profile allows it',
    { profile: 'rfc5280', leaf: { extensions: constraints(true) } },
    [],
  ],
  [
    'a leaf whose key may sign certificates',
    { leaf: { extensions: usage('digitalSignature', 'keyCertSign') } },
    ['key_usage_wrong'],
  ],
  [
    'the same in the other profile',
    { profile: 'rfc5280', leaf: { extensions: usage('digitalSignature', 'keyCertSign') } },
    ['key_usage_wrong'],
  ],
  [
    'a leaf with a path length',
    { leaf: { extensions: constraints(false, 0) } },
    ['path_length_misplaced'],
  ],
  [
    'a path length where no certificates may be signed',
    { authority: { extensions: { ...constraints(true, 0), ...usage('cRLSign') } } },
    ['key_usage_wrong', 'path_length_misplaced'],
  ],
  [
    'key usage without any bit',
    {
      leaf: {
        extensions: { keyUsage: extension('keyUsage', bitString(Uint8Array.of(0), 7), true) },
      },
    },
    ['extension_malformed'],
  ],
  [
    'key usage with trailing zero bits',
    {
      leaf: {
        extensions: { keyUsage: extension('keyUsage', bitString(Uint8Array.of(0x80)), true) },
      },
    },
    ['extension_malformed'],
  ],
]

describe('checkAuthority()', () => {
  test.each(CASES)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
