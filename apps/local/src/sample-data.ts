import { SAMPLE, type Sandbox } from '@latchkey/sandbox'
import * as z from 'zod'

/** Calls the API that was just started, as its admin. */
export type CallApi = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
) => Promise<Response>

const number = z.object({ id: z.string(), label: z.string().nullable() })
const numbers = z.object({ data: z.array(number) })
const connection = z.object({ id: z.string() })
const connections = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      config: z.object({ baseUrl: z.string() }).partial(),
    }),
  ),
})

export type SampleNumber = z.infer<typeof number>

/** What a start finds or makes for whoever wants to try it. */
export interface SampleData {
  readonly numbers: readonly SampleNumber[]
  /** The connection to the PBX, which has certificates and no numbers. */
  readonly pbx: string
}

interface Draft {
  readonly provider: string
  readonly name: string
  readonly config: Readonly<Record<string, string>>
  readonly credentials: Readonly<Record<string, string>>
}

type Present = z.infer<typeof connections>['data']

/**
 * A connection to each sandbox upstream, with one number where it has such, made where none is there yet. One that an
 * earlier start made is pointed at this start's sandbox.
 */
export async function sampleData(call: CallApi, sandbox: Sandbox): Promise<SampleData> {
  const present = connections.parse(await jsonOf(call('GET', '/v1/connections?limit=200'))).data
  const found: SampleNumber[] = []
  for (const { upstreamId, label, ...draft } of samples(sandbox)) {
    const connectionId = await sampleConnection(call, draft, present)
    const path = `/v1/numbers?connectionId=${connectionId}&limit=1`
    const [known] = numbers.parse(await jsonOf(call('GET', path))).data
    const body = { connectionId, upstreamId, label }
    found.push(known ?? number.parse(await jsonOf(call('POST', '/v1/numbers', body))))
  }
  return { numbers: found, pbx: await sampleConnection(call, samplePbx(sandbox), present) }
}

async function sampleConnection(call: CallApi, draft: Draft, present: Present): Promise<string> {
  const known = present.find((each) => each.name === draft.name)
  if (known === undefined) {
    return connection.parse(await jsonOf(call('POST', '/v1/connections', draft))).id
  }
  const { config, credentials } = draft
  if (known.config.baseUrl !== config.baseUrl) {
    const move = { config: { baseUrl: config.baseUrl }, credentials }
    await jsonOf(call('PATCH', `/v1/connections/${known.id}`, move))
  }
  return known.id
}

async function jsonOf(answering: Promise<Response>): Promise<unknown> {
  const response = await answering
  if (!response.ok) throw new Error(`Cannot make sample data: ${await response.text()}`)
  return response.json()
}

function samplePbx(sandbox: Sandbox): Draft {
  const { clientId, clientSecret } = SAMPLE.pbx
  return {
    provider: 'pbx',
    name: 'Sandbox: PBX',
    config: { baseUrl: sandbox.pbxUrl },
    credentials: { clientId, clientSecret },
  }
}

function samples(sandbox: Sandbox) {
  const { graph, onprem, kaleyra } = SAMPLE
  return [
    {
      provider: 'graph',
      name: 'Sandbox: Graph',
      config: { baseUrl: sandbox.graphUrl, version: graph.version, wabaId: graph.wabaId },
      credentials: { accessToken: graph.accessToken, appSecret: graph.appSecret },
      upstreamId: graph.unsetNumberId,
      label: 'A number of the Cloud API',
    },
    {
      provider: 'onprem',
      name: 'Sandbox: On-Premises',
      config: { baseUrl: sandbox.onpremUrl },
      credentials: { username: onprem.username, password: onprem.password },
      upstreamId: onprem.phoneNumber,
      label: 'The number of an On-Premises deployment',
    },
    {
      provider: 'kaleyra',
      name: 'Sandbox: Kaleyra',
      config: { baseUrl: sandbox.kaleyraUrl, sid: kaleyra.sid },
      credentials: { apiKey: kaleyra.apiKey },
      upstreamId: kaleyra.phoneNumber,
      label: 'A number at Kaleyra',
    },
  ]
}
