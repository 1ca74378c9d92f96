export { canonicalJson } from './canonical-json.ts'
export { continuesChain, eventIdOf, hashEvent } from './event-hash.ts'
export { MAX_JSON_BYTES } from './sql/json.ts'
