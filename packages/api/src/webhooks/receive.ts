import {
  type ConnectionState,
  Fault,
  NOTICE_ACCOUNT,
  type Notice,
  openCredentials,
  type RegisteredProvider,
  type Services,
  type WebhookDescription,
  type WebhookReceiver,
} from '@latchkey/core'
import { receiveNotices } from '@latchkey/core/notices'
import { readBody } from '../http/body.ts'
import type { RouteContext } from '../http/context.ts'
import { jsonResponse } from '../http/json.ts'

type Context = RouteContext<{ readonly connectionId: string }, unknown>

interface Sender {
  readonly provider: RegisteredProvider
  readonly webhook: WebhookDescription
}

interface Signed {
  readonly signature: string
  readonly body: Uint8Array<ArrayBuffer>
}

const PAGE = 200

/**
 * Takes what a provider sends to a connection, if the connection's secret verifies it, and gives each notice to those
 * whom it is about, if theirs does. It is stored when this answers.
 * @throws Fault unauthenticated, alike for whatever is not as it should be; payload_too_large, invalid_request
 */
export async function receiveWebhook(context: Context, sender: Sender): Promise<Response> {
  const { request, services, params } = context
  const signature = request.headers.get(sender.webhook.signatureHeader) ?? ''
  // Nothing is looked up, opened or even read for who does not claim to have signed it.
  if (signature === '') throw unsigned()
  const addressed = await addressedBy(services, params.connectionId, sender.provider)
  if (addressed === null) throw unsigned()
  const receiver = await receiverOf(sender.provider)
  const secrets = receiver.secretsOf(await openCredentials(services, addressed))
  if (secrets.length === 0) throw unsigned()
  const signed = { signature, body: await readBody(request, sender.webhook.bodyMaxBytes) }
  const verifies = verifierOf(services, receiver, signed)
  if (!(await verifies(addressed))) throw unsigned()
  const notices = await receiver.read(signed.body)
  const deliveries = [...byAccount(notices)].map(async ([account, told]) => {
    const meant = await connectionsOf(services, sender, { account, addressed })
    await Promise.all(
      meant.map(async (connection) => {
        if (await verifies(connection)) await receiveNotices(services, connection.id, told)
      }),
    )
  })
  await Promise.all(deliveries)
  return jsonResponse(200, { received: true })
}

/**
 * Answers a provider that asks whether a connection is at home here.
 * @throws Fault forbidden, which is what Meta's pages have for it
 */
export async function confirmWebhook(context: Context, { provider }: Sender): Promise<Response> {
  const { request, services, params } = context
  const receiver = await receiverOf(provider)
  const addressed = await addressedBy(services, params.connectionId, provider)
  const challenge =
    addressed === null
      ? null
      : (receiver.greet?.(
          new URL(request.url).searchParams,
          await openCredentials(services, addressed),
        ) ?? null)
  if (challenge === null) {
    throw new Fault('forbidden', 'Cannot confirm: the verify token is not that of this connection')
  }
  return new Response(challenge, {
    headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
  })
}

/** Null for a connection that there is not, of another provider, or that is being deleted. */
async function addressedBy(
  { ledger }: Services,
  id: string,
  provider: RegisteredProvider,
): Promise<ConnectionState | null> {
  const snapshot = await ledger.read<ConnectionState>({ kind: 'connection', id })
  const state = snapshot?.state ?? null
  return state === null || state.provider !== provider.id || state.closing ? null : state
}

async function receiverOf(provider: RegisteredProvider): Promise<WebhookReceiver> {
  const { receiver } = await provider.load()
  if (receiver !== undefined) return receiver()
  throw new Fault('internal', `Cannot answer: ${provider.id} has nothing that takes its webhooks`)
}

/** Whether a connection's secrets verify; connections of one app share theirs, and one verification. */
function verifierOf(
  services: Services,
  receiver: WebhookReceiver,
  { signature, body }: Signed,
): (connection: ConnectionState) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>()
  return async (connection) => {
    const secrets = receiver.secretsOf(await openCredentials(services, connection))
    const key = JSON.stringify(secrets)
    const verifying = known.get(key) ?? receiver.verify(signature, body, secrets)
    known.set(key, verifying)
    return verifying
  }
}

function byAccount(notices: readonly Notice[]): ReadonlyMap<string | null, readonly Notice[]> {
  const accounts = new Map<string | null, Notice[]>()
  for (const notice of notices) {
    const known = accounts.get(notice.account)
    if (known === undefined) accounts.set(notice.account, [notice])
    else known.push(notice)
  }
  return accounts
}

/** The connections that notices of an account are for. */
async function connectionsOf(
  { ledger }: Services,
  { provider, webhook }: Sender,
  { account, addressed }: { readonly account: string | null; readonly addressed: ConnectionState },
): Promise<readonly ConnectionState[]> {
  if (account === null) return [addressed]
  const found: ConnectionState[] =
    webhook.accountOf(addressed.config) === account ? [addressed] : []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof ledger.list<ConnectionState>>> =
      await ledger.list<ConnectionState>({
        kind: 'connection',
        where: { provider: provider.id, [NOTICE_ACCOUNT]: account },
        limit: PAGE,
        ...(cursor === null ? {} : { cursor }),
      })
    for (const { state } of page.items) {
      if (state.id !== addressed.id && !state.closing) found.push(state)
    }
    cursor = page.nextCursor
  } while (cursor !== null)
  return found
}

function unsigned(): Fault {
  return new Fault(
    'unauthenticated',
    'Cannot take webhook: it is not signed with a secret of this connection',
  )
}
