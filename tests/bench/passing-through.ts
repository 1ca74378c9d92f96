import { SAMPLE } from '@latchkey/sandbox'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'
import { call, make } from '../api/harness/client.ts'
import { awake } from './awake.ts'
import { GATEWAY, type Gateway, installGateway } from './gateway.ts'
import { apiAt, latchkeyIn, MOCK, SANDBOX } from './latchkey.ts'
import { quantile, type Target, timeTargets } from './measure.ts'
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
    const direct = (url: string): Target => ({
      name: 'direct',
      url: url + KEY_PATH,
      method: 'GET',
      headers: token,
    })
    const gateway = await installGateway(say)
    const startGateway = async (given: Gateway): Promise<Target> => {
      const program = await start(given.command, { cwd: given.folder, ...given.start })
      return given.target(program.url, mock.url)
    }
    const overGateway = gateway === null ? null : await startGateway(gateway)
    say('sending requests of one client, in turns')
    const timed = await awake(say, async () => ({
      overSandbox: await added(direct(sandbox.url), overSandbox),
      overMock: await added(direct(mock.url), overMock),
      byGateway: overGateway === null ? null : await added(direct(mock.url), overGateway),
    }))
    return rowsOf({ ...timed, asleep: await added(direct(sandbox.url), overSandbox) })
  })

/** By how much the median of one is above that of the other, by the two of them alone: a third would cool their caches. */
async function added(direct: Target, through: Target): Promise<number> {
  const timings = await timeTargets([direct, through])
  const median = ({ name }: Target) => quantile(timings.get(name) ?? [], 0.5)
  return median(through) - median(direct)
}

/** A connection with one number, its key published, read as a program for Graph reads it. */
async function throughLatchkey(url: string, upstream: string): Promise<Target> {
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
    name: 'through',
    url: `${url}/graph/${connectionId}${KEY_PATH}`,
    method: 'GET',
    headers: { authorization: `Bearer ${api.adminToken}` },
  }
}

/** Milliseconds. */
interface Added {
  readonly asleep: number
  readonly overSandbox: number
  readonly overMock: number
  readonly byGateway: number | null
}

function rowsOf({ asleep, overSandbox, overMock, byGateway }: Added): readonly Row[] {
  const row = { unit: 'ms', direction: 'at most' } as const
  const rows: Row[] = [
    {
      id: 'passing-through/sandbox',
      what: 'A read of a key through Latchkey takes longer than from the sandbox: median, one client',
      value: overSandbox,
      bound: ADDED_BOUND,
      ...row,
    },
    {
      id: 'passing-through/sandbox/asleep',
      what: 'The same where the processors may go to sleep whenever one process waits for another',
      value: asleep,
      bound: null,
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
  if (byGateway === null) return rows
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
