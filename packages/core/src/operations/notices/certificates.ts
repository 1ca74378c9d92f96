import type { Instant } from '../../instant.ts'
import type { Services } from '../../services.ts'
import { readCertificatesAs } from '../certificates/refresh-on-schedule.ts'
import { noticeActor } from './receive.ts'

/** Reads the certificates of a connection whose upstream said something of them. Answers when to try again. */
export function readNoticedCertificates(
  services: Services,
  connectionId: string,
): Promise<Instant | null> {
  return readCertificatesAs(services, connectionId, noticeActor(connectionId))
}
