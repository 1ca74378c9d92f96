import { SAMPLE, type Sandbox } from '@latchkey/sandbox'
import * as z from 'zod'

/** Calls the API that was just started, as its admin. */
export type CallApi = (path: string, body?: unknown) => Promise<Response>

const number = z.object({ id: z.string(), label: z.string().nullable() })
const numbers = z.object({ data: z.array(number) })
const connection = z.object({ id: z.string() })

export type SampleNumber = z.infer<typeof number>

/** A connection to each sandbox upstream with one number, where none is there yet. */
export async function sampleNumbers(
  call: CallApi,
  sandbox: Sandbox,
): Promise<readonly SampleNumber[]> {
  const present = numbers.parse(await jsonOf(call('/v1/numbers')))
  if (present.data.length > 0) return present.data
  const made: SampleNumber[] = []
  for (const { upstreamId, label, ...draft } of samples(sandbox)) {
    const { id: connectionId } = connection.parse(await jsonOf(call('/v1/connections', draft)))
    const body = { connectionId, upstreamId, label }
    made.push(number.parse(await jsonOf(call('/v1/numbers', body))))
  }
  return made
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
