/** What is done with rotations; a caller on its way to a first answer loads it when somebody asks for it. */
export { cancelRotation } from './cancel.ts'
export { readRotation, readStripes } from './read.ts'
export { retryRotation } from './retry.ts'
export { rollbackRotation } from './rollback.ts'
export { startRotation, superviseRotation, tryRotation } from './start.ts'
export type { Selector } from './select.ts'
export { rotateStripe } from './turn.ts'
