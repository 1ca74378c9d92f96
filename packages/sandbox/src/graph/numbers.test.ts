import { describe, expect, test } from 'vitest'
import { testSandbox, type TestSandbox } from '../testing/call.ts'
import { containing } from '../testing/containing.ts'
import { fleetNumberId, SAMPLE } from '../world.ts'

const { graph } = SAMPLE
const headers = { authorization: `Bearer ${graph.accessToken}` }
const LIST = `/graph/${graph.version}/${graph.wabaId}/phone_numbers`
const NUMBER = `/graph/${graph.version}/${graph.unsetNumberId}`

interface Page {
  readonly data: readonly { readonly id: string }[]
  readonly paging?: {
    readonly cursors: { readonly before: string; readonly after: string }
    readonly next?: string
    readonly previous?: string
  }
}

async function list(sandbox: TestSandbox, query = ''): Promise<Page> {
  const { text } = await sandbox.call(`${LIST}${query}`, { headers })
  // The test that follows fails on any other shape.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(text) as Page
}

function ids(page: Page): readonly string[] {
  return page.data.map((each) => each.id)
}

describe('the Graph phone_numbers edge', () => {
  test('walks the whole account by cursors, forward and back', async () => {
    const sandbox = testSandbox()
    await sandbox.control.reset({ graphNumbers: 5 })
    const first = await list(sandbox, '?limit=2')
    expect(ids(first)).toEqual([fleetNumberId(0), fleetNumberId(1)])
    expect(first.paging?.previous).toBe(undefined)
    const second = await list(sandbox, `?limit=2&after=${first.paging?.cursors.after}`)
    const last = await list(sandbox, `?limit=2&after=${second.paging?.cursors.after}`)
    expect(ids(last)).toEqual([fleetNumberId(4)])
    expect(last.paging?.next).toBe(undefined)
    const back = await list(sandbox, `?limit=2&before=${last.paging?.cursors.before}`)
    expect(ids(back)).toEqual(ids(second))
  })

  test('names no deleted number', async () => {
    expect(ids(await list(testSandbox()))).not.toContain(graph.deletedNumberId)
  })

  // Whoever follows `next` as a URL hands the token to the host that it names.
  test('writes the access token into paging.next, at a foreign host by knob', async () => {
    const sandbox = testSandbox()
    const own = new URL((await list(sandbox, '?limit=1&fields=id')).paging?.next ?? '')
    expect(own.origin).toBe('http://sandbox.test')
    expect(own.searchParams.get('access_token')).toBe(graph.accessToken)
    expect(own.searchParams.get('fields')).toBe('id')
    await sandbox.control.setKnobs('graph', { nextOrigin: 'https://evil.example' })
    const foreign = (await list(sandbox, '?limit=1')).paging?.next ?? ''
    expect(new URL(foreign).origin).toBe('https://evil.example')
  })

  test('answers the whole list without paging, by knob', async () => {
    const sandbox = testSandbox()
    await sandbox.control.setKnobs('graph', { paging: 'none' })
    const all = await list(sandbox, '?limit=1')
    expect([all.data.length, all.paging]).toEqual([6, undefined])
  })

  test.each([
    '?limit=0',
    '?limit=101',
    '?limit=x',
    '?after=bm9uZQ==',
    '?after=%25',
    '?sort=name.asc',
    '?filtering=[',
    '?filtering=[{"field":"status","operator":"LIKE","value":"P"}]',
  ])('refuses %s with 100', async (query) => {
    const refused = await testSandbox().call(`${LIST}${query}`, { headers })
    expect([refused.status, refused.json]).toEqual([400, { error: containing({ code: 100 }) }])
  })

  test('filters by equality and sorts by age, as the page has it', async () => {
    const sandbox = testSandbox()
    const filter = [{ field: 'status', operator: 'EQUAL', value: 'PENDING' }]
    const filtering = `?filtering=${encodeURIComponent(JSON.stringify(filter))}`
    expect(ids(await list(sandbox, filtering))).toEqual([graph.unregisteredNumberId])
    const newest = ids(await list(sandbox, '?sort=creation_time.desc&limit=1'))
    expect(newest).toEqual([graph.deniedNumberId])
  })

  test('answers an empty account with no paging', async () => {
    const sandbox = testSandbox()
    await sandbox.control.reset({ graphNumbers: 0 })
    expect(await list(sandbox)).toEqual({ data: [] })
  })

  test('answers an account that is unknown with 100 and subcode 33', async () => {
    const unknown = await testSandbox().call(`/graph/${graph.version}/9/phone_numbers`, { headers })
    expect([unknown.status, unknown.json]).toEqual([
      400,
      { error: containing({ code: 100, error_subcode: 33 }) },
    ])
  })
})

describe('the Graph nodes', () => {
  test('shows a number with its default fields, or those asked for', async () => {
    const sandbox = testSandbox()
    expect((await sandbox.call(NUMBER, { headers })).json).toEqual({
      id: graph.unsetNumberId,
      display_phone_number: '+1 555-010-0001',
      verified_name: 'Sandbox Shop 1',
      quality_rating: 'GREEN',
    })
    const asked = await sandbox.call(`${NUMBER}?fields=platform_type,status`, { headers })
    expect(asked.json).toEqual({
      id: graph.unsetNumberId,
      platform_type: 'CLOUD_API',
      status: 'CONNECTED',
    })
  })

  test('shows the health of a number as a field', async () => {
    const path = `/graph/${graph.version}/${graph.unregisteredNumberId}?fields=health_status`
    const { json } = await testSandbox().call(path, { headers })
    expect(json).toMatchObject({ health_status: { can_send_message: 'BLOCKED' } })
  })

  test('shows the account, and refuses any other edge', async () => {
    const sandbox = testSandbox()
    const waba = await sandbox.call(`/graph/${graph.version}/${graph.wabaId}`, { headers })
    expect(waba.json).toMatchObject({ id: graph.wabaId, name: 'Sandbox business account' })
    const other = await sandbox.call(`${NUMBER}/nothing`, { method: 'POST', headers })
    expect(other.status).toBe(400)
  })
})
