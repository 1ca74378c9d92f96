/** The regular reading of all numbers; loaded when one is due. */
export { checkNumber, type CheckOutcome } from '../key/check-number.ts'
export { armSweeps } from './arm.ts'
export { sweepNumber } from './sweep.ts'
