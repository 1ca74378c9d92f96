/** Most requests have nothing to do with certificates. */
export const certificateOperations = () => import('@latchkey/core/certificates')
