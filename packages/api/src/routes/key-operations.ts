import { loadedOnce } from '@latchkey/core'

/** Most requests have nothing to do with keys of the ring. */
export const keyOperations = loadedOnce(() => import('@latchkey/core/keyring'))
