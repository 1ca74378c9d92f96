import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { sequence } from '../../testing/der.ts'
import {
  CLIENT_AUTH,
  extendedKeyUsage,
  extension,
  keyUsage,
  SERVER_AUTH,
} from '../../testing/extensions.ts'

const ANY = '2.5.29.37.0'
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3'
const usages = (...oids: readonly string[]) => ({
  extensions: { extendedKeyUsage: extension('extendedKeyUsage', extendedKeyUsage(...oids)) },
})

const CASES: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  [
    'a client’s certificate on a server',
    { leaf: usages(CLIENT_AUTH) },
    ['extended_key_usage_wrong'],
  ],
  ['a certificate for both', { leaf: usages(SERVER_AUTH, CLIENT_AUTH) }, []],
  ['a server’s certificate on a client', { purpose: 'clientAuth' }, ['extended_key_usage_wrong']],
  [
    'any certificate where no purpose is asked for',
    { purpose: 'any', leaf: usages(CLIENT_AUTH) },
    [],
  ],
  // An authority for clients is abused to make servers.
  [
    'an authority for clients above a server',
    { authority: usages(CLIENT_AUTH) },
    ['extended_key_usage_wrong'],
  ],
  ['an authority for any usage', { authority: usages(ANY) }, []],
  ['a root with usages', { root: usages(SERVER_AUTH) }, ['extended_key_usage_forbidden']],
  ['the same where the profile allows it', { profile: 'rfc5280', root: usages(SERVER_AUTH) }, []],
  ['a server for any usage', { leaf: usages(SERVER_AUTH, ANY) }, ['extended_key_usage_forbidden']],
  ['the same where the profile allows it', { profile: 'rfc5280', leaf: usages(ANY) }, []],
  [
    'a server that signs code too',
    { leaf: usages(SERVER_AUTH, CODE_SIGNING) },
    ['extended_key_usage_forbidden'],
  ],
  [
    'a server without usages',
    { leaf: { extensions: { extendedKeyUsage: null } } },
    ['extended_key_usage_missing'],
  ],
  [
    'the same where the profile allows it',
    { profile: 'rfc5280', leaf: { extensions: { extendedKeyUsage: null } } },
    [],
  ],
  [
    'an empty list',
    { leaf: { extensions: { extendedKeyUsage: extension('extendedKeyUsage', sequence()) } } },
    ['extension_malformed'],
  ],
  [
    'a server whose usages are critical',
    {
      leaf: {
        extensions: {
          extendedKeyUsage: extension('extendedKeyUsage', extendedKeyUsage(SERVER_AUTH), true),
        },
      },
    },
    ['extension_must_not_be_critical'],
  ],
  [
    'a server whose key may do nothing that TLS needs',
    { leaf: { extensions: { keyUsage: extension('keyUsage', keyUsage('nonRepudiation'), true) } } },
    ['key_usage_wrong'],
  ],
]

describe('checkExtendedKeyUsage()', () => {
  test.each(CASES)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})
