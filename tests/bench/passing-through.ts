import { SAMPLE } from '@latchkey/sandbox'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'
import { call, make } from '../api/harness/client.ts'
import { awake } from './awake.ts'
import { GATEWAY, installGateway } from './gateway.ts'
import { apiAt, latchkeyIn, MOCK, SANDBOX } from './latchkey.ts'
import { quantile, type Target, timeTargets, type Timings } from './measure.ts'
import { withSite } from './site.ts'
import type { Bench, Row } from './table/row.ts'

const { graph } = SAMPLE
const KEY_PATH = `/${graph.version}/${graph.unsetNumberId}/whatsapp_business_encryption`

/** Milliseconds at the median. */
const ADDED_BOUND = 0.5
const OF_GATEWAY_BOUND = 1

/**
 * What it costs to read a key through Latchkey's own Graph rather than from the upstream: one client, one upstream call
 * for each read, over the sandbox; and beside it what a general gateway costs over the same upstream.
 */
export const benchPassingThrough: Bench = (say) =>
  withSite(async ({ folder, start }) => {
    const sandbox = await start(...SANDBOX)
    const mock = await start(...MOCK)
    const latchkey = await start(...latchkeyIn(folder))
    const overSandbox = await throughLatchkey(latchkey.url, sandbox.url)
    const overMock = await throughLatchkey(latchkey.url, mock.url)
    const token = { authorization: `Bearer ${graph.accessToken}` }
    const overTheSandbox: Target[] = [
      { name: 'sandbox', url: sandbox.url + KEY_PATH, method: 'GET', headers: token },
      { name: 'latchkey over sandbox', ...overSandbox },
    ]
    const overTheMock: Target[] = [
      { name: 'mock', url: mock.url + KEY_PATH, method: 'GET', headers: token },
      { name: 'latchkey over mock', ...overMock },
    ]
    const gateway = await installGateway(say)
    if (gateway !== null) {
      const program = await start(gateway.command, { cwd: gateway.folder, ...gateway.start })
      overTheMock.push(gateway.target(program.url, mock.url))
    }
    say('sending requests of one client, in turns')
    const timings = await awake(say, async () => [
      ...(await timeTargets(overTheSandbox)),
      ...(await timeTargets(overTheMock)),
    ])
    return rowsOf(new Map(timings), gateway !== null)
  })

/** A connection with one number, its key published, read as a program for Graph reads it. */
async function throughLatchkey(
  url: string,
  upstream: string,
): Promise<Pick<Target, 'url' | 'method' | 'headers'>> {
  const api = apiAt(url)
  const connectionId = await make(api, '/v1/connections', {
    provider: 'graph',
    name: upstream,
    config: { baseUrl: upstream },
    credentials: { accessToken: graph.accessToken },
  })
  const upstreamId = graph.unsetNumberId
  const number = await make(api, '/v1/numbers', { connectionId, upstreamId })
  const path = `/v1/numbers/${number}/encryption-key?verify=false`
  await call(api, 'PUT', path, { json: { publicKey: FIXTURE_PEM } })
  return {
    url: `${url}/graph/${connectionId}${KEY_PATH}`,
    method: 'GET',
    headers: { authorization: `Bearer ${api.adminToken}` },
  }
}

function rowsOf(timings: ReadonlyMap<string, Timings>, hasGateway: boolean): readonly Row[] {
  const median = (name: string) => quantile(timings.get(name) ?? [], 0.5)
  const added = (name: string, base: string) => median(name) - median(base)
  const row = { unit: 'ms', direction: 'at most' } as const
  const overMock = added('latchkey over mock', 'mock')
  const rows: Row[] = [
    {
      id: 'passing-through/sandbox',
      what: 'A read of a key through Latchkey takes longer than from the sandbox: median, one client',
      value: added('latchkey over sandbox', 'sandbox'),
      bound: ADDED_BOUND,
      ...row,
    },
    {
      id: 'passing-through/mock',
      what: 'The same over an upstream that costs next to nothing',
      value: overMock,
      bound: ADDED_BOUND,
      ...row,
    },
  ]
  if (!hasGateway) return rows
  const byGateway = added('gateway over mock', 'mock')
  return [
    ...rows,
    {
      id: 'passing-through/gateway',
      what: `What ${GATEWAY} adds over the same upstream`,
      value: byGateway,
      bound: null,
      ...row,
    },
    {
      id: 'passing-through/of-gateway',
      what: 'What Latchkey adds, against what the gateway adds',
      value: overMock / byGateway,
      bound: OF_GATEWAY_BOUND,
      unit: '×',
      direction: 'at most',
    },
  ]
}
