import { loadedOnce } from '@latchkey/core'

/** Most requests have nothing to do with webhooks that are sent. */
export const deliveryOperations = loadedOnce(() => import('@latchkey/core/deliveries'))
