import { loadedOnce } from '@latchkey/core'

/** Most requests have nothing to do with certificates. */
export const certificateOperations = loadedOnce(() => import('@latchkey/core/certificates'))
