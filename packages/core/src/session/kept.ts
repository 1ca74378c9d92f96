import * as z from 'zod'
import type { Session } from '../provider/provider.ts'
import type { Services } from '../services.ts'
import { sessionPlace } from './state.ts'

const keptSession = z.object({ secret: z.string(), renewal: z.string().optional() })

/** The secrets of a session as they are kept: sealed to the connection that opened it. */
export function sealSession(
  { sealer }: Pick<Services, 'sealer'>,
  connectionId: string,
  { secret, renewal }: Session,
): Promise<string> {
  return sealer.seal(JSON.stringify({ secret, renewal }), sessionPlace(connectionId))
}

/** @throws Fault internal where it was sealed for another connection */
export async function openKept(
  { sealer }: Pick<Services, 'sealer'>,
  connectionId: string,
  sealed: string,
): Promise<{ readonly secret: string; readonly renewal?: string | undefined }> {
  return keptSession.parse(JSON.parse(await sealer.open(sealed, sessionPlace(connectionId))))
}
