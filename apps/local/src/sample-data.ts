import { SAMPLE, type Sandbox } from '@latchkey/sandbox'
import * as z from 'zod'

/** Calls the API that was just started, as its admin. */
export type CallApi = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: unknown,
) => Promise<Response>

const number = z.object({ id: z.string(), upstreamId: z.string(), label: z.string().nullable() })
const numbers = z.object({ data: z.array(number) })
const connection = z.object({ id: z.string() })
const connections = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      config: z.object({ baseUrl: z.string() }).partial(),
      credentials: z.record(z.string(), z.object({ set: z.boolean() })),
    }),
  ),
})

export type SampleNumber = z.infer<typeof number>

/** What a start finds or makes for whoever wants to try it. */
export interface SampleData {
  readonly numbers: readonly SampleNumber[]
  /** The connection to the PBX, which has certificates and no numbers. */
  readonly pbx: string
  /** The number whose key the sandbox's Graph tells of when it is lost; null where it could not reach this Latchkey. */
  readonly watched: { readonly numberId: string; readonly upstreamId: string } | null
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
 * earlier start made is pointed at this start's sandbox, whose Graph sends its webhooks here.
 * @param url where the API is served
 */
export async function sampleData(
  call: CallApi,
  sandbox: Sandbox,
  url: string,
): Promise<SampleData> {
  const present = connections.parse(await jsonOf(call('GET', '/v1/connections?limit=200'))).data
  const found: SampleNumber[] = []
  let watched: SampleData['watched'] = null
  for (const { upstreamId, label, ...draft } of samples(sandbox)) {
    const connectionId = await sampleConnection(call, draft, present)
    const path = `/v1/numbers?connectionId=${connectionId}&limit=200`
    const known = numbers.parse(await jsonOf(call('GET', path))).data
    const body = { connectionId, upstreamId, label }
    const sample =
      known.find((each) => each.upstreamId === upstreamId) ??
      known[0] ??
      number.parse(await jsonOf(call('POST', '/v1/numbers', body)))
    found.push(sample)
    const isTold = draft.provider === 'graph' && (await subscribe(sandbox, url, connectionId))
    if (isTold) watched = { numberId: sample.id, upstreamId: sample.upstreamId }
  }
  return { numbers: found, pbx: await sampleConnection(call, samplePbx(sandbox), present), watched }
}

/** Whether the sandbox's Graph sends its webhooks here: only to an address of this machine that it reaches. */
async function subscribe(sandbox: Sandbox, url: string, connectionId: string): Promise<boolean> {
  const callbackUrl = `${url}/v1/webhooks/meta/${connectionId}`
  try {
    await sandbox.control.subscribe({ callbackUrl, verifyToken: SAMPLE.graph.verifyToken })
    return true
  } catch {
    return false
  }
}

async function sampleConnection(call: CallApi, draft: Draft, present: Present): Promise<string> {
  const known = present.find((each) => each.name === draft.name)
  if (known === undefined) {
    return connection.parse(await jsonOf(call('POST', '/v1/connections', draft))).id
  }
  const { config, credentials } = draft
  const isComplete = Object.keys(credentials).every((name) => known.credentials[name]?.set === true)
  if (known.config.baseUrl !== config.baseUrl || !isComplete) {
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
      credentials: {
        accessToken: graph.accessToken,
        appSecret: graph.appSecret,
        verifyToken: graph.verifyToken,
      },
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
