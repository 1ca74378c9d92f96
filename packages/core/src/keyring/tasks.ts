/** The task of a key that numbers let go of: see whether it is retired, and destroy it when its time has come. */
export const CARE = 'care-for-key'

/** The task that ends what somebody began who died before the key was gone, or open again. */
export const SETTLE_CLOSING = 'settle-closing'

/** The task of a key that somebody brought: the numbers that had it before get to know it. */
export const ADOPT = 'adopt-key'

/** The task that makes pairs ahead, and destroys those that nobody took. */
export const FILL_POOL = 'fill-pool'
