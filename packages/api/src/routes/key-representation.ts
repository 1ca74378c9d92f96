import { Fault, type KeyView } from '@latchkey/core'
import { exportJwk } from '@latchkey/crypto'
import { parseAccept } from 'hono/utils/accept'
import { JSON_TYPE } from '../http/json.ts'

export const PEM_TYPE = 'application/x-pem-file'
export const JWK_TYPE = 'application/jwk+json'

type Representation = 'json' | 'pem' | 'jwk'

const byType: ReadonlyMap<string, Representation> = new Map([
  [JSON_TYPE, 'json'],
  [PEM_TYPE, 'pem'],
  [JWK_TYPE, 'jwk'],
])

/** The representation that an Accept header asks for; JSON where it names none of ours. */
export function representationOf(accept: string | null): Representation {
  if (accept === null) return 'json'
  const wanted = parseAccept(accept)
    .filter(({ type, q }) => q > 0 && byType.has(type.toLowerCase()))
    .toSorted((a, b) => b.q - a.q)[0]
  return byType.get(wanted?.type.toLowerCase() ?? '') ?? 'json'
}

/** Fingerprint and status make the tag; representations differ, so their tags do. */
export function etagOf(view: KeyView, representation: Representation): string {
  return `"${view.fingerprint ?? 'none'}.${view.signatureStatus}.${representation}"`
}

/** @throws Fault not_found where there is no key to represent as PEM or JWK */
export async function renderKey(
  view: KeyView,
  representation: Representation,
): Promise<{ readonly type: string; readonly body: string }> {
  if (representation === 'json') return { type: JSON_TYPE, body: JSON.stringify(view) }
  const { publicKey: pem, fingerprint } = view
  if (pem === null || fingerprint === null) {
    throw new Fault('not_found', 'Cannot show the key in this form: no key is set')
  }
  if (representation === 'pem') return { type: PEM_TYPE, body: pem }
  return { type: JWK_TYPE, body: JSON.stringify(await exportJwk({ pem, fingerprint })) }
}
