export { compareBytes } from './compare.ts'
export {
  contextConstructed,
  contextPrimitive,
  type DerElement,
  readElements,
  readOnly,
  TAG,
} from './element.ts'
export { EncodingError } from './encoding-error.ts'
export {
  booleanOf,
  contentOf,
  isNull,
  membersOf,
  objectIdentifier,
  positiveInteger,
  smallInteger,
  twosComplement,
  wholeOctets,
} from './values.ts'
export { type DerLimits, requireDer } from './walk.ts'
export { element as writeElement } from './write.ts'
