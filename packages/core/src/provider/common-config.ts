import * as z from 'zod'

/** What every connection's `config` takes beside the provider's own fields. */
export const commonConfig = {
  maxConcurrent: z.int().min(1).max(64).default(16).describe('Upstream calls at once'),
  region: z
    .enum(['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'])
    .optional()
    .describe('A hint where to keep the connection, on Workers'),
  repair: z
    .enum(['automatic', 'enforce', 'alert'])
    .default('automatic')
    .describe(
      'What to do when a key is lost: publish it again, also over a foreign key (enforce), or only tell (alert)',
    ),
  repairsPerDay: z
    .int()
    .min(0)
    .max(100)
    .default(3)
    .describe('Repairs of one number within 24 hours'),
} satisfies z.ZodRawShape
