import type { Bytes } from '@latchkey/crypto'
import { bitString, explicit, integer, sequence, utcTime } from './der.ts'
import { authorityKeyIdentifier, extension } from './extensions.ts'
import { signatureOver } from './keys.ts'
import type { Minted } from './mint.ts'

/** What of a CRL is to differ from a sound one that lists nothing. */
export interface CrlChanges {
  readonly revoked?: readonly Bytes[]
  readonly version?: Bytes | null
  readonly thisUpdate?: Bytes
  readonly nextUpdate?: Bytes | null
  /** By name: null leaves a usual one out, DER replaces it or adds another. */
  readonly extensions?: Readonly<Record<string, Bytes | null>>
  readonly innerAlgorithm?: Bytes
}

/** An entry for a serial number in DER. */
export function revokedEntry(serial: Uint8Array, ...extensions: readonly Bytes[]): Bytes {
  const rest = extensions.length === 0 ? [] : [sequence(...extensions)]
  return sequence(serial, utcTime('270110000000Z'), ...rest)
}

/** A CRL as RFC 5280 §5 has it. */
export async function mintCrl(issuer: Minted, changes: CrlChanges = {}): Promise<Bytes> {
  const { identifier } = issuer.keys.signing
  const extensions = {
    authorityKeyIdentifier: extension(
      'authorityKeyIdentifier',
      authorityKeyIdentifier(issuer.keyIdentifier),
    ),
    crlNumber: extension('crlNumber', integer(7)),
    ...changes.extensions,
  }
  const { revoked = [] } = changes
  const tbs = sequence(
    ...given(changes.version, integer(1)),
    changes.innerAlgorithm ?? identifier,
    issuer.name,
    changes.thisUpdate ?? utcTime('270110000000Z'),
    ...given(changes.nextUpdate, utcTime('270120000000Z')),
    ...(revoked.length === 0 ? [] : [sequence(...revoked)]),
    explicit(0, sequence(...Object.values(extensions).filter((each) => each !== null))),
  )
  return sequence(tbs, identifier, bitString(await signatureOver(tbs, issuer.keys)))
}

function given(value: Bytes | null | undefined, usual: Bytes): readonly Bytes[] {
  return value === null ? [] : [value ?? usual]
}
