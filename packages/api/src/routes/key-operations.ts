/** Most requests have nothing to do with keys of the ring. */
export const keyOperations = () => import('@latchkey/core/keyring')
