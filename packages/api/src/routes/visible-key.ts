import {
  Fault,
  type Principal,
  readRingKey,
  type RingKeyState,
  seesKey,
  type Services,
} from '@latchkey/core'

/** A key of the ring, if the token may know of it. @throws Fault not_found */
export async function visibleKey(
  services: Services,
  principal: Principal,
  id: string,
): Promise<RingKeyState> {
  const key = await readRingKey(services, id)
  if (seesKey(principal, key)) return key
  throw new Fault('not_found', `Cannot find key "${id}"`)
}
