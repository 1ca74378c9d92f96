import * as z from 'zod'

export const warningSchema = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: 'Warning' })
