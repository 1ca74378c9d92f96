export { systemClock } from './clock.ts'
export { batchLines, type LineBatch } from './line-batch.ts'
export { jsonLogger, textLogger } from './logger.ts'
export { systemRandom } from './random.ts'
