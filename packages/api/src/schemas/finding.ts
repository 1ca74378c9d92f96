import * as z from 'zod'

export const findingSchema = z
  .object({
    code: z.string(),
    severity: z
      .enum(['error', 'warning', 'repaired'])
      .describe('Refused; may matter to some; was mended, and needs nothing'),
    message: z.string(),
    certificate: z
      .int()
      .optional()
      .describe(
        'Index into the certificates: those of the bundle in its order, then those left out',
      ),
  })
  .meta({ id: 'Finding' })
