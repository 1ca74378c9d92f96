import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { explicit, implicit, octetString, sequence } from '../../testing/der.ts'
import { authorityKeyIdentifier, extension } from '../../testing/extensions.ts'
import { commonName, directory } from '../../testing/names.ts'

const OTHER = Uint8Array.of(1, 2, 3, 4)
const other = extension('authorityKeyIdentifier', authorityKeyIdentifier(OTHER))
const byCertificate = extension(
  'authorityKeyIdentifier',
  sequence(implicit(0, OTHER), explicit(1, directory(commonName('Root'))), implicit(2, OTHER)),
)

const CASES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  [
    'a leaf that does not identify its issuer',
    { leaf: { extensions: { authorityKeyIdentifier: null } } },
    ['authority_key_identifier_missing'],
  ],
  [
    'an authority that does not',
    { authority: { extensions: { authorityKeyIdentifier: null } } },
    ['authority_key_identifier_missing'],
  ],
  [
    'an authority that does not identify itself',
    { authority: { extensions: { subjectKeyIdentifier: null } } },
    ['subject_key_identifier_missing'],
  ],
  [
    'a root that does not',
    { root: { extensions: { subjectKeyIdentifier: null } } },
    ['subject_key_identifier_missing'],
  ],
  [
    'a leaf that identifies another key',
    { leaf: { extensions: { authorityKeyIdentifier: other } } },
    ['key_identifier_mismatch'],
  ],
  [
    'the same where it is a hint',
    { profile: 'rfc5280', leaf: { extensions: { authorityKeyIdentifier: other } } },
    [],
  ],
  [
    'a root that identifies another key',
    { root: { extensions: { authorityKeyIdentifier: other } } },
    ['key_identifier_mismatch'],
  ],
  [
    'a root that names a certificate instead of a key',
    { root: { extensions: { authorityKeyIdentifier: byCertificate } } },
    ['authority_key_identifier_form', 'key_identifier_mismatch'],
  ],
  [
    'an identifier without a key',
    {
      root: {
        extensions: { authorityKeyIdentifier: extension('authorityKeyIdentifier', sequence()) },
      },
    },
    ['authority_key_identifier_missing'],
  ],
  [
    'critical identifiers',
    {
      root: {
        extensions: {
          subjectKeyIdentifier: extension('subjectKeyIdentifier', octetString(OTHER), true),
        },
      },
    },
    // The authority below identifies the key that the root had.
    ['key_identifier_mismatch'],
  ],
]

describe('checkKeyIdentifiers()', () => {
  test.each(CASES)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
