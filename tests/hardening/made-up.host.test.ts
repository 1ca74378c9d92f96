import { apiSettings, createApp } from '@latchkey/api'
import type { Services } from '@latchkey/core'
import { openSqliteLedger } from '@latchkey/ledger/sqlite'
import { describe, expect, test } from 'vitest'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { CALM } from '../support/model-upstream.ts'
import { modelWorld } from '../support/model-world.ts'

/** Tokens and ids of the right form that nobody has. */
const TOKEN = `lk_${'A'.repeat(43)}`
const CONNECTION = `con_${'0'.repeat(16)}`
const NUMBER = `num_${'0'.repeat(28)}`

/** The API, and what it asked of its storage. */
async function openApi() {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const world = await modelWorld({ ledger, seed: 1, weather: CALM, readable: true })
  const asked: string[] = []
  const services: Services = {
    ...world.services,
    ledger: {
      ...ledger,
      read(key) {
        asked.push(`read ${key.kind}`)
        return ledger.read(key)
      },
      claimReceipt(partition, receipt) {
        asked.push(`claim in ${partition}`)
        return ledger.claimReceipt(partition, receipt)
      },
    },
  }
  const settings = apiSettings(HARNESS_ENV, 'test')
  const app = createApp({ services, settings, defer: (work) => void work })
  const statusOf = async (path: string, init: RequestInit & { readonly token: string }) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${init.token}`)
    return (await app.request(`http://latchkey.test${path}`, { ...init, headers })).status
  }
  return { asked, clock: world.clock, statusOf, close: () => ledger.close() }
}

describe('what anybody can make up', () => {
  test.each([
    ['a word', 'x'],
    ['a short token', 'lk_short'],
    ['a secret of a session', `lks_${'0'.repeat(12)}_${TOKEN}`],
    ['a long text', 'A'.repeat(6000)],
  ])('%s in place of a token is refused without asking the storage', async (_, token) => {
    const { asked, statusOf, close } = await openApi()
    expect(await statusOf('/v1/connections', { token })).toBe(401)
    expect(asked).toEqual([])
    await close()
  })

  test('a token of nobody asks the storage once in five seconds', async () => {
    const { asked, clock, statusOf, close } = await openApi()
    for (let made = 0; made < 10; made += 1) {
      expect(await statusOf('/v1/connections', { token: TOKEN })).toBe(401)
    }
    expect(asked).toEqual(['read token'])
    clock.jump(5_000)
    expect(await statusOf('/v1/connections', { token: TOKEN })).toBe(401)
    expect(asked).toEqual(['read token', 'read token'])
    await close()
  })

  test.each([
    ['DELETE', `/v1/numbers/${NUMBER}`],
    ['PATCH', `/v1/numbers/${NUMBER}`],
    ['DELETE', `/v1/connections/${CONNECTION}/certificates/crt_${'0'.repeat(28)}`],
  ])('%s %s keeps nothing for its Idempotency-Key', async (method, path) => {
    const { asked, statusOf, close } = await openApi()
    const headers = { 'idempotency-key': 'key', 'content-type': 'application/json' }
    const body = method === 'PATCH' ? '{"label":"x"}' : null
    const token = HARNESS_ENV.LATCHKEY_ADMIN_TOKEN
    expect(await statusOf(path, { method, headers, body, token })).toBe(404)
    expect(asked.filter((each) => each.startsWith('claim'))).toEqual([])
    await close()
  })
})
