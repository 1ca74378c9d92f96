import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { makeToken } from '../api/harness/tokens.ts'
import { HAS_SEEDS, lineAt, placesOf, requestPlaces } from '../samples/seeds.ts'
import { type CurlAnswer, runCurl } from './curl.ts'
import { printedAnswer, printedWords } from './printed.ts'
import { type Filling, filledIn } from './replacements.ts'
import { KALEYRA_FAILURES, NO_REQUESTS, type PrintedRequest, REQUESTS } from './table.ts'
import { type Connected, type DialectsWorld, openDialectsWorld, secretFor } from './world.ts'

/** Somebody's name for the program, or a method: whatever line has one shows a request, or speaks of one. */
const MENTIONS = /\bc(?:url|URL)\b|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/

/** Where the page tells to send the printed JSON as a form. */
const FORM_ADVICE = '001:39'
const NO_CERTIFICATE = '000:13'

let world: DialectsWorld
beforeAll(async () => {
  if (HAS_SEEDS) world = await openDialectsWorld()
})
afterAll(async () => {
  if (HAS_SEEDS) await world.close()
})

async function fillingFor(dialect: PrintedRequest['dialect']): Promise<Filling & Connected> {
  const connected = await world.connect(dialect)
  return { ...world, ...connected, secret: await secretFor(world, dialect, connected.base) }
}

function requestAt(place: string): PrintedRequest {
  const found = REQUESTS.find((each) => each.place === place)
  if (found === undefined) throw new Error(`Cannot run ${place}: it is not listed`)
  return found
}

/** Runs what is printed, after what has to have been done before. */
async function run(request: PrintedRequest, filling: Filling): Promise<CurlAnswer> {
  const { place, dialect, untold = [], after = [], bodyOf } = request
  for (const earlier of after) await run(requestAt(earlier), filling)
  const words = printedWords(place)
  const shown = bodyOf === undefined ? words : [...words, ...printedWords(bodyOf).slice(3)]
  return runCurl(filledIn([...shown, ...untold], dialect, filling))
}

const failure = z.looseObject({ error: z.union([z.string(), z.record(z.string(), z.string())]) })

/** All that is printed; what was wrong is told in other words, in the same place. */
function expectPrinted(
  sent: CurlAnswer,
  { place, status }: { readonly place: string; readonly status: number },
): void {
  const { error, ...printed } = failure.parse(printedAnswer(place))
  const reason: unknown = expect.any(String)
  const told =
    typeof error === 'string'
      ? reason
      : Object.fromEntries(Object.keys(error).map((name) => [name, reason]))
  expect([sent.status, sent.json], sent.text).toEqual([status, { ...printed, error: told }])
}

const kaleyra = (secret: string) => async (place: string) => {
  const filling = await fillingFor('kaleyra')
  return run(requestAt(place), { ...filling, secret })
}

describe.skipIf(!HAS_SEEDS)('what the pages print (needs ../shared/seeds)', () => {
  test('is run or listed with a reason, wherever a line names curl or a method', () => {
    const places = REQUESTS.map(({ place }) => place)
    expect([...places, ...Object.keys(NO_REQUESTS)].toSorted()).toEqual(
      placesOf(MENTIONS).toSorted(),
    )
    expect(places.toSorted()).toEqual(requestPlaces().toSorted())
  })

  for (const request of REQUESTS) {
    const { place, dialect, answer, isListed = false } = request
    test(`at ${place} is answered by the dialect ${dialect} as at ${answer}`, async () => {
      const sent = await run(request, await fillingFor(dialect))
      expect(sent.status, sent.text).toBe(200)
      expect(sent.headers.get('cache-control')).toBe('no-store')
      if (place === '000:9') {
        expect(sent.headers.get('content-type')).toContain('text/plain')
        expect([lineAt(answer), sent.text]).toEqual(['certificate', world.chain.authority])
        return
      }
      const printed = printedAnswer(answer)
      expect(sent.json, sent.text).toEqual(isListed ? { data: [printed] } : printed)
      expect(sent.headers.get('content-type')).toContain('application/json')
    })
  }

  test('of a key to be sent as a form, in the parameter of the printed JSON, is done too', async () => {
    expect(lineAt(FORM_ADVICE)).toContain('x-www-form-urlencoded')
    const { base, secret, publicKey } = await fillingFor('onprem')
    const sent = await runCurl([
      `${base}/v1/settings/business/whatsapp_business_encryption`,
      '-H',
      `Authorization: Bearer ${secret}`,
      '--data-urlencode',
      `public_key=${publicKey}`,
    ])
    expect([sent.status, sent.json]).toEqual([200, printedAnswer('001:50')])
  })

  test('of a missing CA certificate is a 404 without a body', async () => {
    expect(lineAt(NO_CERTIFICATE)).toContain('404')
    const filling = await fillingFor('onprem')
    await filling.sandbox.setKnobs('onprem', { externalCa: 'none' })
    const sent = await run({ ...requestAt('000:9'), after: [] }, filling)
    expect([sent.status, sent.text]).toEqual([404, ''])
  })
})

describe.skipIf(!HAS_SEEDS)('the failures that Kaleyra prints (needs ../shared/seeds)', () => {
  const { wrongKey, wrongAccount, wrongPayload, internal } = KALEYRA_FAILURES
  const set = '003:35'

  test('are answered to a wrong key, word for word', async () => {
    const sent = await kaleyra(`lk_${'x'.repeat(43)}`)(set)
    expect([sent.status, sent.json]).toEqual([wrongKey.status, printedAnswer(wrongKey.place)])
  })

  test('are answered to a key that may not do this', async () => {
    const { token } = await makeToken(world.server, ['numbers:read'])
    expectPrinted(await kaleyra(token)(set), wrongAccount)
  })

  test('are answered to what is no key', async () => {
    const filling = await fillingFor('kaleyra')
    expectPrinted(await run(requestAt(set), { ...filling, publicKey: 'x' }), wrongPayload)
  })

  test('are answered where Kaleyra answers them', async () => {
    const filling = await fillingFor('kaleyra')
    const answer = { kind: 'vendor-error' as const, code: 'WA-500' }
    await filling.sandbox.addFault({ upstream: 'kaleyra', answer })
    expectPrinted(await run(requestAt(set), filling), internal)
  })
})
