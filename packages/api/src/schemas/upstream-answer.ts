import * as z from 'zod'

/** What an upstream itself answered, as far as it is told. */
export const upstreamAnswerSchema = z.object({
  provider: z.string().optional(),
  status: z.int().nullable(),
  code: z.string().optional(),
  message: z.string().optional(),
  requestId: z.string().optional(),
})
