import { describe, expect, test } from 'vitest'
import { generalizedTime, utcTime } from '../../testing/der.ts'
import { errorsOfChain } from '../../testing/chain.ts'

const FIRST = Date.UTC(2027, 0, 1)
const LAST = Date.UTC(2027, 1, 1)

describe('checkValidity()', () => {
  test.each([
    ['a millisecond before the first second', FIRST - 1, ['not_yet_valid']],
    ['the first second', FIRST, []],
    ['the last second', LAST, []],
    ['the last millisecond of the last second', LAST + 999, []],
    ['the second after it', LAST + 1_000, ['expired']],
  ])('judges %s', async (_, at, codes) => {
    expect(await errorsOfChain({ at })).toEqual(codes)
  })

  test.each([
    ['root', ['expired']],
    ['authority', ['expired']],
    ['leaf', ['expired']],
  ])('judges the dates of the %s', async (which, codes) => {
    expect(await errorsOfChain({ [which]: { notAfter: utcTime('270114000000Z') } })).toEqual(codes)
  })

  test.each([
    ['GeneralizedTime from 2050 on', generalizedTime('20500101000000Z'), []],
    ['GeneralizedTime before', generalizedTime('20491231235959Z'), ['validity_form_wrong']],
    ['fractions of a second', generalizedTime('20500101000000.5Z'), ['certificate_malformed']],
    ['a zone other than Zulu', utcTime('270201000000+0100'), ['certificate_malformed']],
    ['a time without seconds', utcTime('2702010000Z'), ['certificate_malformed']],
    ['the 30th of February', utcTime('270230000000Z'), ['certificate_malformed']],
    ['UTCTime of the last century', utcTime('990101000000Z'), ['expired']],
  ])('judges %s', async (_, notAfter, codes) => {
    expect(await errorsOfChain({ leaf: { notAfter } })).toEqual(codes)
  })
})
