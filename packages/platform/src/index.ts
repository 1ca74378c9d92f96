export { systemClock } from './clock.ts'
export { jsonLogger, textLogger } from './logger.ts'
export { systemRandom } from './random.ts'
