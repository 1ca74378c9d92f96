import { DAY, MINUTE, type Pressure, type UpstreamResponse } from '@latchkey/core'
import * as z from 'zod'

const share = z.number().nonnegative().catch(0)
const usage = z.object({
  call_count: share,
  total_cputime: share,
  total_time: share,
  estimated_time_to_regain_access: share.describe('Minutes'),
})
type Usage = z.infer<typeof usage>

/** One entry for each kind of call under each business id; a token of several businesses brings them all. */
const businessUsage = z.record(z.string(), z.array(usage.nullable().catch(null)).catch([]))

/** What `x-app-usage` and `x-business-use-case-usage` tell (Graph API, "Rate limits"): null where neither does. */
export function usagePressure({ headers }: UpstreamResponse): Pressure | null {
  const told = headerJson(headers, 'x-app-usage')
  const toldOfBusinesses = headerJson(headers, 'x-business-use-case-usage')
  if (told === undefined && toldOfBusinesses === undefined) return null
  const app = usage.safeParse(told)
  const business = businessUsage.safeParse(toldOfBusinesses)
  const all: readonly Usage[] = [
    ...(app.success ? [app.data] : []),
    ...(business.success ? Object.values(business.data).flat() : []),
  ].filter((each) => each !== null)
  if (all.length === 0) return null
  const used = all.flatMap((each) => [each.call_count, each.total_cputime, each.total_time])
  const regain = Math.max(...all.map((each) => each.estimated_time_to_regain_access)) * MINUTE
  return {
    usedPercent: Math.min(100, Math.max(...used)),
    regainAccessMs: regain > 0 ? Math.min(regain, DAY) : null,
  }
}

function headerJson(headers: Headers, name: string): unknown {
  const text = headers.get(name)
  // Many answers have none, and what `JSON.parse` throws takes a stack trace to make.
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
