import type { Instant } from '@latchkey/core'
import type { PrivateKeyMaterial } from '@latchkey/crypto/private-key'
import type { Certificate } from '../read/certificate.ts'
import type { Note } from './findings.ts'
import type { BundleText } from './read.ts'
import type { BundleRules } from './rules.ts'

/** What is to be judged, read as far as it can be. */
export interface Material {
  readonly text: BundleText
  /** PEM or base64 of every private key, from wherever it was given. */
  readonly privateKeys: readonly string[]
  readonly passphrase: string | undefined
  readonly hostname: string | undefined
  readonly roots: string | undefined
  readonly at: Instant
  readonly rules: BundleRules
}

/** A bundle as it would be sent, with what was found on the way there. */
export interface Plan {
  readonly bundle: readonly Certificate[]
  readonly key: PrivateKeyMaterial | null
  /** Whether it can be sent, if somebody wants to in spite of errors. */
  readonly isWhole: boolean
  readonly notes: readonly Note[]
}
