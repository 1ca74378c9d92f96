/** Most requests have nothing to do with rotations. */
export const rotationOperations = () => import('@latchkey/core/rotation')
