import * as z from 'zod'
import type { JsonObject } from '../ledger/ledger.ts'

/** What a connection wants done about a key of ours that its upstream has lost (contract §3). */
export interface RepairPolicy {
  readonly mode: 'automatic' | 'enforce' | 'alert'
  /** Of one number, within 24 hours. */
  readonly perDay: number
}

const schema = z.looseObject({
  repair: z.enum(['automatic', 'enforce', 'alert']).default('automatic'),
  repairsPerDay: z.number().default(3),
})

export function repairPolicyOf(config: JsonObject): RepairPolicy {
  const { repair, repairsPerDay } = schema.parse(config)
  return { mode: repair, perDay: repairsPerDay }
}
