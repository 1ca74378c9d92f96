import { describe, expect, test } from 'vitest'
import { type ChainChanges, errorsOfChain } from '../../testing/chain.ts'
import { bitString, integer, nothing, oid, sequence } from '../../testing/der.ts'
import { generateKeys, pssParameters, SIGNINGS, type Signing } from '../../testing/keys.ts'

const rsaKey = (bits: number, exponent = Uint8Array.of(1, 0, 1)) => {
  const modulus = new Uint8Array(Math.ceil(bits / 8) + 1).fill(0xaa)
  modulus[0] = 0
  modulus[1] = 0x80 >> ((8 - (bits % 8)) % 8)
  const content = modulus[1] < 0x80 ? modulus.subarray(1) : modulus
  return sequence(
    sequence(oid('1.2.840.113549.1.1.1'), nothing),
    bitString(sequence(integer(content), integer(exponent))),
  )
}
const ecKey = (curve: string, length: number, form = 4) =>
  sequence(
    sequence(oid('1.2.840.10045.2.1'), oid(curve)),
    bitString(Uint8Array.of(form, ...new Uint8Array(length).fill(1))),
  )
const otherKey = (type: string) =>
  sequence(sequence(oid(type)), bitString(new Uint8Array(57).fill(1)))

const explicitCurve = sequence(
  sequence(oid('1.2.840.10045.2.1'), sequence(integer(1))),
  bitString(Uint8Array.of(4, ...new Uint8Array(64).fill(1))),
)

const leaf = (spki: Uint8Array<ArrayBuffer>): ChainChanges => ({ leaf: { spki } })

const KEYS: readonly (readonly [string, ChainChanges, readonly string[]])[] = [
  ['RSA of 2048 bits', leaf(rsaKey(2_048)), []],
  ['RSA of 1024 bits', leaf(rsaKey(1_024)), ['key_too_weak']],
  ['RSA of 2047 bits', leaf(rsaKey(2_047)), ['key_too_weak']],
  ['RSA of 2052 bits', leaf(rsaKey(2_052)), ['key_too_weak']],
  ['the same where the profile allows it', { profile: 'rfc5280', ...leaf(rsaKey(2_052)) }, []],
  // Verifying with a key like this takes seconds.
  ['RSA of 16384 bits', leaf(rsaKey(16_384)), ['key_unsupported']],
  ['an exponent of 72 bits', leaf(rsaKey(2_048, new Uint8Array(9).fill(1))), ['key_unsupported']],
  ['the exponent 1', leaf(rsaKey(2_048, Uint8Array.of(1))), ['key_too_weak']],
  ['an even exponent', leaf(rsaKey(2_048, Uint8Array.of(2))), ['key_too_weak']],
  ['P-192', leaf(ecKey('1.2.840.10045.3.1.1', 48)), ['key_unsupported']],
  ['secp256k1', leaf(ecKey('1.3.132.0.10', 64)), ['key_unsupported']],
  ['a point that is too short', leaf(ecKey('1.2.840.10045.3.1.7', 63)), ['key_malformed']],
  ['a compressed point', leaf(ecKey('1.2.840.10045.3.1.7', 32, 2)), ['key_malformed']],
  // Whoever spells a curve out chooses its generator, and with it the private key of a known public one.
  ['a curve that is spelled out', leaf(explicitCurve), ['key_malformed']],
  ['DSA', leaf(otherKey('1.2.840.10040.4.1')), ['key_unsupported']],
  ['Ed448', { profile: 'rfc5280', ...leaf(otherKey('1.3.101.113')) }, ['key_unsupported']],
]

describe('checkKey()', () => {
  test.each(KEYS)('judges %s', async (_, changes, codes) => {
    expect(await errorsOfChain(changes)).toEqual(codes)
  })
})

const longSalt: Signing = {
  ...SIGNINGS.pss,
  identifier: sequence(oid('1.2.840.113549.1.1.10'), pssParameters(20)),
  sign: { name: 'RSA-PSS', saltLength: 20 },
}
const withoutNull: Signing = {
  ...SIGNINGS.rsa,
  identifier: sequence(oid('1.2.840.113549.1.1.11')),
}
const withNull: Signing = {
  ...SIGNINGS.p256,
  identifier: sequence(oid('1.2.840.10045.4.3.2'), nothing),
}

const UNSUPPORTED = ['signature_algorithm_unsupported']

const SIGNATURES: readonly (readonly [string, Signing, ChainChanges, readonly string[]])[] = [
  [
    'SHA-1',
    SIGNINGS.rsaSha1,
    { profile: 'rfc5280' },
    ['signature_algorithm_weak', 'signature_invalid'],
  ],
  ['RSA without the NULL that it has', withoutNull, {}, [...UNSUPPORTED, 'signature_invalid']],
  ['ECDSA with a NULL that it has not', withNull, {}, [...UNSUPPORTED, 'signature_invalid']],
  ['RSASSA-PSS with a salt of another length', longSalt, {}, UNSUPPORTED],
  ['the same where the profile allows it', longSalt, { profile: 'rfc5280' }, []],
  ['P-256 with SHA-512', SIGNINGS.p256Sha512, {}, UNSUPPORTED],
  ['the same where the profile allows it', SIGNINGS.p256Sha512, { profile: 'rfc5280' }, []],
]

describe('checkSignatureAlgorithm()', () => {
  test.each(SIGNATURES)('judges %s', async (_, signing, changes, codes) => {
    const keys = await generateKeys(signing)
    expect(await errorsOfChain({ ...changes, authority: { keys } })).toEqual(codes)
  })
})
