import type { OpenConnection } from '../../connection/open.ts'
import { identityText } from '../../number/reservation.ts'

/** The one number of a deployment that serves only one, where its id was not given. */
export const DEFAULT_NUMBER = 'default'

/** Where the reservation of a number's upstream identity is kept. */
export function reservationKey(
  connection: Pick<OpenConnection, 'bound' | 'provider'>,
  upstreamId: string,
): { kind: 'reservation'; id: string } {
  const { bound, provider } = connection
  const text = identityText({
    provider: provider.id,
    // A deployment behind a path of a shared host is another deployment.
    host: bound.origin.baseUrl.replace(/\/+$/, ''),
    account: bound.account,
    // A deployment that serves one number is reserved as a whole, whatever the number is called.
    upstreamId: provider.numbers?.single === true ? DEFAULT_NUMBER : upstreamId,
  })
  return { kind: 'reservation', id: `res_${text}` }
}
