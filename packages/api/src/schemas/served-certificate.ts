import * as z from 'zod'
import { certificateSchema } from './certificate.ts'
import { describedCertificateSchema } from './inspection.ts'

export const servedSchema = z
  .object({
    matches: z
      .boolean()
      .nullable()
      .describe('Whether what is served is what is installed; null where that is not known'),
    served: describedCertificateSchema.describe('What the host shows now'),
    installed: z
      .object({ fingerprint: z.string() })
      .nullable()
      .describe('What Latchkey knows to be installed'),
    certificate: certificateSchema,
  })
  .meta({ id: 'ServedCertificate' })
