import type { Instant } from '../../instant.ts'
import type { Actor, TaskDraft } from '../../ledger/ledger.ts'
import { inboxKey, type InboxState, takeNotices } from '../../notice/inbox.ts'
import { READ_CERTIFICATES, SEND_ROUND } from '../../notice/tasks.ts'
import type { Notice } from '../../provider/webhook.ts'
import type { Services } from '../../services.ts'

/** As many reasons as the audit log tells of one delivery. */
const REASONS_MAX = 10

/** Whom what is done about notices is done for. */
export function noticeActor(connectionId: string): Actor {
  return { kind: 'webhook', id: connectionId }
}

/**
 * Stores what a connection is told, each notice once, and what has to be done about it, in one commit. Answers how many
 * were new.
 */
export async function receiveNotices(
  services: Services,
  connectionId: string,
  notices: readonly Notice[],
): Promise<number> {
  const now = services.clock.now()
  return services.ledger.mutate<InboxState, number>(inboxKey(connectionId), (state) => {
    const { next, fresh } = takeNotices(state, notices, now)
    if (fresh.length === 0) return { result: 0 }
    const reasons = [...new Set(fresh.map(({ reason }) => reason))].slice(0, REASONS_MAX)
    const data = { notices: fresh.length, reasons }
    return {
      result: fresh.length,
      next,
      labels: {},
      events: [{ type: 'notice.received', at: now, actor: noticeActor(connectionId), data }],
      tasks: tasksFor(state, next, { fresh, now }),
    }
  })
}

/** A round that waits to begin has its task: another would only hold it up. */
function tasksFor(
  before: InboxState | null,
  next: InboxState,
  { fresh, now }: { readonly fresh: readonly Notice[]; readonly now: Instant },
): readonly TaskDraft[] {
  const isCertificates = fresh.some(({ kind }) => kind === 'refresh-certificates')
  return [
    ...(next.asked > (before?.asked ?? 0) ? [{ name: SEND_ROUND, due: now }] : []),
    ...(isCertificates ? [{ name: READ_CERTIFICATES, due: now }] : []),
  ]
}
