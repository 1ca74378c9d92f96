/** Most requests have nothing to do with webhooks that are sent. */
export const deliveryOperations = () => import('@latchkey/core/deliveries')
