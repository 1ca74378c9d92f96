import { Fault, type KeyView } from '@latchkey/core'
import { exportJwk } from '@latchkey/crypto'
import { parseAccept } from 'hono/utils/accept'
import { JSON_TYPE } from '../http/json.ts'

export const PEM_TYPE = 'application/x-pem-file'
export const JWK_TYPE = 'application/jwk+json'

type Representation = 'json' | 'pem' | 'jwk'

/** In the order in which they are preferred where the caller has no preference. */
const TYPES: readonly (readonly [string, Representation])[] = [
  [JSON_TYPE, 'json'],
  [PEM_TYPE, 'pem'],
  [JWK_TYPE, 'jwk'],
]

/** The representation that an Accept header prefers (RFC 9110 §12.5.1); JSON where it takes none of ours. */
export function representationOf(accept: string | null): Representation {
  const given = parseAccept(accept ?? '').map(({ type, q }) => ({ range: type.toLowerCase(), q }))
  const taken = TYPES.flatMap(([type, representation]) => {
    // The most specific range decides, also where it lowers what a wider one takes.
    const ranges = [type, 'application/*', '*/*']
    const width = ranges.findIndex((range) => given.some((each) => each.range === range))
    const q = given.find((each) => each.range === ranges[width])?.q ?? 0
    return q > 0 ? [{ representation, q, width }] : []
  })
  const [best] = taken.toSorted((one, other) => other.q - one.q || one.width - other.width)
  return best?.representation ?? 'json'
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
  if (representation === 'json') return { type: JSON_TYPE, body: jsonOf(view) }
  const { publicKey: pem, fingerprint } = view
  if (pem === null || fingerprint === null) {
    throw new Fault('not_found', 'Cannot show the key in this form: no key is set')
  }
  if (representation === 'pem') return { type: PEM_TYPE, body: pem }
  return { type: JWK_TYPE, body: JSON.stringify(await exportJwk({ pem, fingerprint })) }
}

/** A view that is answered with again and again is the same object. */
const written = new WeakMap<KeyView, string>()

function jsonOf(view: KeyView): string {
  const known = written.get(view)
  if (known !== undefined) return known
  const json = JSON.stringify(view)
  written.set(view, json)
  return json
}
