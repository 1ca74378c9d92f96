import { inboxKey, type InboxState } from '../../notice/inbox.ts'
import { READ_CERTIFICATES, SEND_ROUND } from '../../notice/tasks.ts'
import type { Services } from '../../services.ts'

/** Forgets what a connection that is being deleted was told. */
export async function forgetNotices(services: Services, connectionId: string): Promise<void> {
  await services.ledger.mutate<InboxState, null>(inboxKey(connectionId), (state) => {
    if (state === null) return { result: null }
    const tasks = [SEND_ROUND, READ_CERTIFICATES].map((name) => ({ name, due: null }))
    return { result: null, next: null, tasks }
  })
}
