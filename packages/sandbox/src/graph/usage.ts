import { HOUR, MINUTE, type Instant } from '@latchkey/core'
import { GraphError } from './errors.ts'
import type { GraphState } from './state.ts'

type Headers = Readonly<Record<string, string>>

/** What Meta's collections show on a write to a number: the app's own use, in percent. */
export function appUsage(percent: number): Headers {
  return {
    'x-app-usage': JSON.stringify({ call_count: percent, total_cputime: 0, total_time: percent }),
  }
}

/** What they show on management reads: the use by business account, with the minutes left to wait. */
export function businessUsage(wabaId: string, percent: number, waitMinutes: number): Headers {
  const usage = {
    type: 'whatsapp_business_management',
    call_count: percent,
    total_cputime: 1,
    total_time: 1,
    estimated_time_to_regain_access: waitMinutes,
  }
  return { 'x-business-use-case-usage': JSON.stringify({ [wabaId]: [usage] }) }
}

/** The headers of a throttled answer. Which of the two a call carries is not documented: both. */
export function throttledUsage(wabaId: string, waitMinutes: number): Headers {
  return { ...appUsage(100), ...businessUsage(wabaId, 100, waitMinutes) }
}

/** How full the WABA's sliding hour is, in percent. */
export function usageOf(state: GraphState, wabaId: string, limit: number, now: Instant): number {
  return Math.ceil((recentCalls(state, wabaId, now).length * 100) / Math.max(limit, 1))
}

/**
 * Counts a management call against the WABA's sliding hour.
 * @throws GraphError 80007 where the hour is full
 */
export function countCall(state: GraphState, wabaId: string, limit: number, now: Instant): void {
  const calls = recentCalls(state, wabaId, now)
  if (calls.length >= limit) {
    const waitMs = (calls[0] ?? now) + HOUR - now
    const headers = throttledUsage(wabaId, Math.ceil(waitMs / MINUTE))
    throw new GraphError(80007, { headers })
  }
  calls.push(now)
}

function recentCalls(state: GraphState, wabaId: string, now: Instant): Instant[] {
  const calls = state.calls.get(wabaId)?.filter((at) => at > now - HOUR) ?? []
  state.calls.set(wabaId, calls)
  return calls
}
