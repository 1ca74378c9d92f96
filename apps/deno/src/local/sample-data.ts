import { createConnection, createNumber, type NumberState, type Services } from '@latchkey/core'
import { SAMPLE, type Sandbox } from '@latchkey/sandbox'

const REQUEST = { actor: { kind: 'system', id: 'sample-data' } } as const

/** A connection to each sandbox upstream with one number, where none is there yet. */
export async function sampleNumbers(
  services: Services,
  sandbox: Sandbox,
): Promise<readonly NumberState[]> {
  const present = await services.ledger.list<NumberState>({ kind: 'number', limit: 10 })
  if (present.items.length > 0) return present.items.map((row) => row.state)
  const made: NumberState[] = []
  for (const { upstreamId, label, ...draft } of samples(sandbox)) {
    const { id: connectionId } = await createConnection(services, REQUEST, draft)
    made.push(await createNumber(services, REQUEST, { connectionId, upstreamId, label }))
  }
  return made
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
