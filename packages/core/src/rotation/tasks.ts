/** The task of a stripe: work on its numbers. */
export const ROTATE = 'rotate'
/** The task of a rotation: see that its stripes work. */
export const SUPERVISE = 'supervise'
