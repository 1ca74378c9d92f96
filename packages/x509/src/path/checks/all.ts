import type { Check } from '../place.ts'
import { checkAlternativeName } from './alternative-name.ts'
import { checkAuthority } from './authority.ts'
import { checkCommonName } from './common-name.ts'
import { checkConstraintForm } from './constraint-form.ts'
import { checkCriticality } from './criticality.ts'
import { checkExtendedKeyUsage } from './extended-key-usage.ts'
import { checkExtensions, checkForm } from './form.ts'
import { checkKeyIdentifiers } from './key-identifiers.ts'
import { checkKey, checkSignatureAlgorithm } from './strength.ts'
import { checkValidity } from './validity.ts'

/** Every rule that is about one certificate alone. */
export const CHECKS: readonly Check[] = [
  checkForm,
  checkExtensions,
  checkCriticality,
  checkValidity,
  checkKey,
  checkSignatureAlgorithm,
  checkAuthority,
  checkExtendedKeyUsage,
  checkKeyIdentifiers,
  checkAlternativeName,
  checkCommonName,
  checkConstraintForm,
]
