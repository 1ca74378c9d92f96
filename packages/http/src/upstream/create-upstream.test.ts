import { Fault, type UpstreamResponse } from '@latchkey/core'
import { describe, expect, test } from 'vitest'
import { createHostPolicy } from '../policy/host-policy.ts'
import { callTo, faultOf, impatientClock, random } from '../testing/calls.ts'
import { type Transport, TransportFailure, type TransportRequest } from '../transport/transport.ts'
import { createUpstream } from './create-upstream.ts'

const BASE = 'https://pbx.example.com'
const policy = createHostPolicy({ allowPrivate: '', upstreamHosts: '' })

/** A transport that gives these answers in turn, the last one ever after. */
function scripted(...answers: readonly (() => Response)[]) {
  const requests: TransportRequest[] = []
  const transport: Transport = {
    async send(request) {
      const answer = answers[Math.min(requests.length, answers.length - 1)]
      requests.push(request)
      if (answer === undefined) throw new Error('Cannot answer: the script is empty')
      return answer()
    },
    readLeaf: null,
  }
  return { transport, requests }
}

function upstreamOver(transport: Transport, clock = impatientClock()) {
  return createUpstream({ transport, policy, clock, random })
}

const ok = () => new Response('ok')
const failing = (sent: boolean) => () => {
  throw new TransportFailure(sent ? 'interrupted' : 'unreachable', 'it failed', { sent })
}
const throttled = (headers: Record<string, string>) => () =>
  new Response('{}', { status: 429, headers })
const refuse = () => {
  throw new Fault('upstream_rate_limited', 'Cannot read: too many calls', {
    upstream: { status: 429, code: '80008' },
  })
}

const refuseThrottled = (response: UpstreamResponse) =>
  response.status === 429 ? refuse() : response.body
const reject = () => {
  throw new Fault('upstream_rejected', 'Cannot publish: refused')
}
const stumble = () => {
  throw new SyntaxError('Unexpected token in "https://pbx.example.com/?access_token=secret"')
}

describe('perform() sends again', () => {
  test.each([
    ['a read whose outcome is unknown', true, true, 2],
    ['a read that never left', true, false, 2],
    ['a write that never left', false, false, 2],
    ['no write whose outcome is unknown', false, true, 1],
  ])('%s', async (_what, repeatable, sent, times) => {
    const { transport, requests } = scripted(failing(sent), ok)
    const clock = impatientClock()
    const outcome = upstreamOver(transport, clock).perform(callTo(BASE, { repeatable }))
    if (times === 1) {
      await expect(outcome).rejects.toMatchObject({
        code: 'upstream_unavailable',
        effect: 'unknown',
      })
    } else {
      expect(await outcome).toMatchObject({ value: 'ok', attempts: 2 })
      expect(clock.slept).toEqual([100])
    }
    expect(requests).toHaveLength(times)
  })

  test('three times at most, ever later', async () => {
    const { transport, requests } = scripted(failing(true))
    const clock = impatientClock()
    await faultOf(upstreamOver(transport, clock), callTo(BASE))
    expect(requests).toHaveLength(3)
    expect(clock.slept).toEqual([100, 200])
  })

  test('never where the call allows one attempt', async () => {
    const { transport, requests } = scripted(failing(false))
    await faultOf(upstreamOver(transport), callTo(BASE, { attempts: 1 }))
    expect(requests).toHaveLength(1)
  })

  // The first write may have arrived; that the second could not be sent does not undo it.
  test('and keeps the doubt of an earlier attempt', async () => {
    const { transport } = scripted(failing(true), failing(false))
    const fault = await faultOf(upstreamOver(transport), callTo(BASE))
    expect(fault.effect).toBe('unknown')
  })

  test('not what the upstream rejected', async () => {
    const { transport, requests } = scripted(ok)
    const fault = await faultOf(upstreamOver(transport), callTo(BASE, { respond: reject }))
    expect(fault).toMatchObject({ code: 'upstream_rejected', effect: 'no' })
    expect(requests).toHaveLength(1)
  })
})

describe('perform() under throttling', () => {
  test('waits as long as the upstream asks', async () => {
    const { transport } = scripted(throttled({ 'retry-after': '3' }), ok)
    const clock = impatientClock()
    const outcome = await upstreamOver(transport, clock).perform(
      callTo(BASE, { respond: refuseThrottled, repeatable: false }),
    )
    expect(outcome.attempts).toBe(2)
    expect(clock.slept).toEqual([3_100])
  })

  test.each([
    ['a long wait', { 'retry-after': '60' }, 60_000],
    ['no wait', {}, undefined],
    ['a wait that is no number', { 'retry-after': 'soon' }, undefined],
    ['a wait without end', { 'retry-after': '9'.repeat(400) }, 86_400_000],
  ])('tells %s instead of sending again', async (_what, headers, retryAfterMs) => {
    const { transport, requests } = scripted(throttled(headers))
    const fault = await faultOf(upstreamOver(transport), callTo(BASE, { respond: refuse }))
    expect(fault.code).toBe('upstream_rate_limited')
    expect(fault.retryAfterMs).toBe(retryAfterMs)
    expect(requests).toHaveLength(1)
  })

  test('keeps what the provider read, and adds the request id', async () => {
    const headers = { 'retry-after': '60', 'x-fb-request-id': 'AbC' }
    const { transport } = scripted(throttled(headers))
    const fault = await faultOf(upstreamOver(transport), callTo(BASE, { respond: refuse }))
    expect(fault.upstream).toEqual({ status: 429, code: '80008', requestId: 'AbC' })
  })
})

describe('perform() tells', () => {
  test('what the provider makes of the pressure, and nothing where that fails', async () => {
    const { transport } = scripted(ok)
    const upstream = upstreamOver(transport)
    const pressure = { usedPercent: 80, regainAccessMs: null }
    const told = await upstream.perform({ ...callTo(BASE), pressure: () => pressure })
    expect(told.pressure).toEqual(pressure)
    const failed = await upstream.perform({
      ...callTo(BASE),
      pressure: () => {
        throw new SyntaxError('not JSON')
      },
    })
    expect(failed).toMatchObject({ value: 'ok', pressure: null })
  })

  test('an answer that the provider does not understand as malformed', async () => {
    const { transport } = scripted(ok)
    const call = callTo(BASE, { respond: stumble, attempts: 1 })
    const fault = await faultOf(upstreamOver(transport), call)
    expect(fault).toMatchObject({
      code: 'upstream_malformed',
      effect: 'unknown',
      upstream: { status: 200 },
    })
    expect(JSON.stringify([fault.message, fault.cause])).not.toContain('secret')
  })
})

describe('perform() refuses before anything is sent', () => {
  test.each([
    ['a header with a line break', { 'x-token': 'secret\r\nx-injected: 1' }],
    ['a header beyond ASCII', { 'x-token': 'secr\u{E9}t' }],
    ['a header with a null byte', { 'x-token': 'secret\u{0}' }],
    ['a header name with a blank', { 'x token': 'secret' }],
  ])('%s', async (_what, headers) => {
    const { transport, requests } = scripted(ok)
    const call = callTo(BASE, { request: { method: 'GET', path: [], headers } })
    const fault = await faultOf(upstreamOver(transport), call)
    expect(fault).toMatchObject({ code: 'invalid_request', effect: 'no' })
    expect(fault.message).not.toContain('secr')
    expect(requests).toHaveLength(0)
  })
})

// The token of a PBX stands in the query, and runtimes put the whole URL into their errors.
test('a fault of perform() holds nothing of the URL but the host', async () => {
  const { transport } = scripted(() => {
    const href = 'https://pbx.example.com/openapi/v1.0/list?access_token=secret'
    throw new TransportFailure('interrupted', 'the connection failed', {
      sent: true,
      cause: { name: 'TypeError', code: null, message: href.replace('secret', 'redacted') },
    })
  })
  const request = { method: 'GET', path: ['hidden'], query: [['access_token', 'secret']] } as const
  const fault = await faultOf(upstreamOver(transport), callTo(BASE, { request, attempts: 1 }))
  expect(fault.message).toContain('pbx.example.com')
  expect(fault.message).not.toMatch(/hidden|secret|access_token|\?/)
})

describe('perform() within a lane', () => {
  test('sends no more at once than the lane lets through', async () => {
    let running = 0
    let most = 0
    const send: Transport['send'] = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => {
        setTimeout(resolve, 5)
      })
      running -= 1
      return new Response('ok')
    }
    const upstream = upstreamOver({ send, readLeaf: null })
    const lane = { key: 'con_1', limit: 3 }
    const calls = Array.from({ length: 12 }, () => upstream.perform(callTo(BASE, { lane })))
    expect(await Promise.all(calls)).toHaveLength(12)
    expect(most).toBe(3)
  })

  test('gives its place back when the call fails', async () => {
    const { transport } = scripted(failing(true), failing(true), failing(true), ok)
    const upstream = upstreamOver(transport)
    const call = callTo(BASE, { lane: { key: 'con_1', limit: 1 } })
    await faultOf(upstream, call)
    expect((await upstream.perform(call)).value).toBe('ok')
  })
})
