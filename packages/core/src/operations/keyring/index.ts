/** What is done with keys of the ring; a caller on its way to a first answer loads it when somebody asks for it. */
export { careForKey } from './care.ts'
export { type GivenKey, generatedKey, givenKey, type KeyDraft, storeKey } from './create.ts'
export { fillPool } from './fill.ts'
export { ensurePool, makeSpare, POOL_SIZE, takePair } from './pool.ts'
export { provideRingKey } from './provide.ts'
export { deleteKey, settleClosing } from './remove.ts'
export { retireKeys } from './retire.ts'
export { type KeyUsage, type KeyStage, usageOf, type UsageQuery } from './view.ts'
