import { loadedOnce } from '@latchkey/core'

/** Most requests have nothing to do with rotations. */
export const rotationOperations = loadedOnce(() => import('@latchkey/core/rotation'))
