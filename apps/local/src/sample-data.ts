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

type Sample = ReturnType<typeof samples>[number]

/**
 * A connection to each sandbox upstream with one number, made where none is there yet. One that an earlier start
 * made is pointed at this start's sandbox.
 */
export async function sampleNumbers(
  call: CallApi,
  sandbox: Sandbox,
): Promise<readonly SampleNumber[]> {
  const present = connections.parse(await jsonOf(call('GET', '/v1/connections?limit=200'))).data
  const found: SampleNumber[] = []
  for (const sample of samples(sandbox)) {
    const known = present.find((each) => each.name === sample.name)
    if (known === undefined) {
      found.push(await makeSample(call, sample))
      continue
    }
    const { config, credentials } = sample
    if (known.config.baseUrl !== config.baseUrl) {
      const move = { config: { baseUrl: config.baseUrl }, credentials }
      await jsonOf(call('PATCH', `/v1/connections/${known.id}`, move))
    }
    const path = `/v1/numbers?connectionId=${known.id}&limit=1`
    found.push(...numbers.parse(await jsonOf(call('GET', path))).data)
  }
  return found
}

async function makeSample(
  call: CallApi,
  { upstreamId, label, ...draft }: Sample,
): Promise<SampleNumber> {
  const made = connection.parse(await jsonOf(call('POST', '/v1/connections', draft)))
  const body = { connectionId: made.id, upstreamId, label }
  return number.parse(await jsonOf(call('POST', '/v1/numbers', body)))
}

async function jsonOf(answering: Promise<Response>): Promise<unknown> {
  const response = await answering
  if (!response.ok) throw new Error(`Cannot make sample data: ${await response.text()}`)
  return response.json()
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
