import type { ApiHarness } from './harness.ts'
import { deliveriesTo, makeEndpoint, makeSubject, receivedBy, rename } from './endpoints.ts'
import { newReceiver } from './receiver-control.ts'
import type { WriteKind } from './write-kind.ts'

const PATH = '/v1/webhook-endpoints'
const json = { url: 'https://hooks.example.com/', events: ['key.*'] }

async function pathOfOne(api: ApiHarness): Promise<string> {
  return `${PATH}/${(await makeEndpoint(api, json.url, json.events)).id}`
}

async function deliveredPath(api: ApiHarness): Promise<string> {
  const receiver = newReceiver(api.receiversUrl)
  const subject = await makeSubject(api)
  const { id } = await makeEndpoint(api, receiver.url, ['connection.updated'])
  await rename(api, subject, 'told')
  await receivedBy(api, receiver, 1)
  const [delivery] = await deliveriesTo(api, id)
  return `${PATH}/${id}/deliveries/${delivery?.id}`
}

/** Each write to webhook endpoints that takes an Idempotency-Key. */
export const ENDPOINT_WRITES: readonly WriteKind[] = [
  {
    operationId: 'createWebhookEndpoint',
    status: 201,
    event: ['webhook_endpoint.created', 1],
    prepare: async () => ({ method: 'POST', path: PATH, json }),
  },
  {
    operationId: 'updateWebhookEndpoint',
    status: 200,
    event: ['webhook_endpoint.updated', 1],
    prepare: async (api) => ({
      method: 'PATCH',
      path: await pathOfOne(api),
      json: { events: ['key.*', 'certificate.vanished'] },
    }),
  },
  {
    operationId: 'deleteWebhookEndpoint',
    status: 204,
    event: ['webhook_endpoint.deleted', 1],
    prepare: async (api) => ({ method: 'DELETE', path: await pathOfOne(api) }),
  },
  {
    operationId: 'rotateWebhookSecret',
    status: 200,
    event: ['webhook_endpoint.secret_rotated', 1],
    prepare: async (api) => ({ method: 'POST', path: `${await pathOfOne(api)}/rotate-secret` }),
  },
  {
    operationId: 'redeliverWebhook',
    status: 202,
    event: ['webhook_endpoint.redelivery_requested', 1],
    prepare: async (api) => ({
      method: 'POST',
      path: `${await deliveredPath(api)}/redeliver`,
    }),
  },
]
