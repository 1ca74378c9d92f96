import type { FaultFinding } from '@latchkey/core'
import type * as z from 'zod'
import type { findingSchema } from '../schemas/finding.ts'

/** A finding as it is told: what else it may carry stays inside. */
export function showFinding({
  code,
  severity,
  message,
  certificate,
}: FaultFinding): z.infer<typeof findingSchema> {
  return { code, severity, message, ...(certificate === undefined ? {} : { certificate }) }
}
