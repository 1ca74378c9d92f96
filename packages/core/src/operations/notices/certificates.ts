import type { Instant } from '../../instant.ts'
import type { Services } from '../../services.ts'
import { readCertificatesAs } from '../certificates/refresh-on-schedule.ts'
import { noticeActor } from './receive.ts'

/** Reads the certificates of a connection whose upstream said something of them. Answers when to try again. */
export async function readNoticedCertificates(
  services: Services,
  connectionId: string,
): Promise<Instant | null> {
  const reading = await readCertificatesAs(services, connectionId, noticeActor(connectionId))
  return typeof reading === 'string' ? null : reading.retryAt
}
