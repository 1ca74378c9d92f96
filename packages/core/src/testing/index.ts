export { seededRandom } from './seeded-random.ts'
export { SimClock } from './sim-clock.ts'
