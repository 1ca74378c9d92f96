import { privateKeyPlace, type Sealer } from '@latchkey/core'
import { importPublicKey } from '@latchkey/crypto'
import { importPrivateKey } from '@latchkey/crypto/private-key'
import * as z from 'zod'

const stored = z.object({ id: z.string(), privateKey: z.string() })

/**
 * Why the private half of a public key cannot be had from what is stored of it in the ring; null where it can.
 * @param stateOf the state of the ring's key with this fingerprint, whatever there is
 */
export async function whyLost(
  sealer: Sealer,
  pem: string,
  stateOf: (fingerprint: string) => unknown,
): Promise<string | null> {
  const { fingerprint } = await importPublicKey(pem)
  const { data } = stored.safeParse(await stateOf(fingerprint))
  if (data === undefined) return `${fingerprint} is not stored`
  const text = await sealer.open(data.privateKey, privateKeyPlace(data.id))
  const { publicKey } = await importPrivateKey(text)
  return publicKey?.fingerprint === fingerprint ? null : `${fingerprint} opens as another`
}
