import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SAMPLE } from '@latchkey/sandbox'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'
import { call, make, type Requesting } from '../api/harness/client.ts'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { installGateway } from './gateway.ts'
import { latchkeyIn, ROOT, SANDBOX } from './latchkey.ts'
import { quantile, type Target, timeTargets, type Timings } from './measure.ts'
import { type Program, startProgram } from './processes.ts'

const { graph } = SAMPLE
const KEY_PATH = `/${graph.version}/${graph.unsetNumberId}/whatsapp_business_encryption`

/**
 * What it costs to read a key through Latchkey's own Graph rather than from the upstream: one client, one upstream call
 * for each read, over the sandbox; and beside it what a general gateway costs over the same upstream.
 */
export async function benchPassingThrough(say: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-bench-'))
  const started: Program[] = []
  const start = async (...parameters: Parameters<typeof startProgram>) => {
    const program = await startProgram(...parameters)
    started.push(program)
    return program
  }
  try {
    const sandbox = await start(...SANDBOX)
    const mock = await start(['node', 'tests/bench/mock.ts'], { cwd: ROOT, pattern: /^mock (\S+)/ })
    const latchkey = await start(...latchkeyIn(folder))
    const overSandbox = await throughLatchkey(latchkey.url, sandbox.url)
    const overMock = await throughLatchkey(latchkey.url, mock.url)
    const token = { authorization: `Bearer ${graph.accessToken}` }
    const targets: Target[] = [
      { name: 'sandbox', url: sandbox.url + KEY_PATH, method: 'GET', headers: token },
      { name: 'latchkey over sandbox', ...overSandbox },
      { name: 'mock', url: mock.url + KEY_PATH, method: 'GET', headers: token },
      { name: 'latchkey over mock', ...overMock },
    ]
    const gateway = await installGateway(say)
    if (gateway !== null) {
      const program = await start(gateway.command, { cwd: gateway.folder, ...gateway.start })
      targets.push(gateway.target(program.url, mock.url))
    }
    report(say, await timeTargets(targets), gateway !== null)
  } finally {
    for (const program of started) program.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** A connection with one number, its key published, read as a program for Graph reads it. */
async function throughLatchkey(
  url: string,
  upstream: string,
): Promise<Pick<Target, 'url' | 'method' | 'headers'>> {
  const api: Requesting = {
    adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
    request: (path, init) => fetch(url + path, init),
  }
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

function report(
  say: (line: string) => void,
  timings: ReadonlyMap<string, Timings>,
  hasGateway: boolean,
): void {
  const at = (name: string, part: number) => quantile(timings.get(name) ?? [], part)
  say('')
  say(`${''.padEnd(24)}${'median'.padStart(10)}${'99 %'.padStart(10)}   milliseconds`)
  for (const name of timings.keys()) {
    say(`${name.padEnd(24)}${ms(at(name, 0.5))}${ms(at(name, 0.99))}`)
  }
  const added = (name: string, base: string) => at(name, 0.5) - at(base, 0.5)
  const own = added('latchkey over sandbox', 'sandbox')
  say('')
  say(`passing through Latchkey adds ${own.toFixed(3)} ms at the median (aim: at most 0.5)`)
  if (!hasGateway) return
  const ratio = added('latchkey over mock', 'mock') / added('gateway over mock', 'mock')
  say(`what Latchkey adds is ${ratio.toFixed(2)} of what the gateway adds, over the same mock`)
}

function ms(value: number): string {
  return value.toFixed(3).padStart(10)
}
