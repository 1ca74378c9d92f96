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
export function usagePressure({ headers }: Pick<UpstreamResponse, 'headers'>): Pressure | null {
  return pressureIn(headers.get('x-app-usage'), headers.get('x-business-use-case-usage'))
}

/** The same for one answer after the other, which mostly tell what the one before told. */
export function usageReader(): typeof usagePressure {
  let told: readonly [string | null, string | null] = [null, null]
  let pressure: Pressure | null = null
  return ({ headers }) => {
    const [app, businesses] = [headers.get('x-app-usage'), headers.get('x-business-use-case-usage')]
    if (app !== told[0] || businesses !== told[1]) {
      pressure = pressureIn(app, businesses)
      told = [app, businesses]
    }
    return pressure
  }
}

function pressureIn(toldOfApp: string | null, toldOfBusinesses: string | null): Pressure | null {
  if (toldOfApp === null && toldOfBusinesses === null) return null
  const app = usage.safeParse(jsonIn(toldOfApp))
  const business = businessUsage.safeParse(jsonIn(toldOfBusinesses))
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

function jsonIn(text: string | null): unknown {
  // Many answers have none, and what `JSON.parse` throws takes a stack trace to make.
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
