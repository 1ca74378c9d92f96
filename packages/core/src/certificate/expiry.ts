import { DAY, type Instant } from '../instant.ts'
import type { CertificateState } from './state.ts'

/** Days before its end at which a certificate is told to expire. */
export const EXPIRY_DAYS = [30, 14, 7, 3, 1] as const

/** Whole days that are left, never below 0. */
export function daysLeft(notAfter: Instant, now: Instant): number {
  return Math.max(0, Math.floor((notAfter - now) / DAY))
}

/**
 * Which of the days has come and was not told yet; null where there is none. A certificate that is found late is told
 * of once, for the day that it is at.
 */
export function expiryToTell(
  { notAfter, toldDays, status }: CertificateState,
  now: Instant,
): number | null {
  if (notAfter === null || status === 'failed') return null
  const reached = EXPIRY_DAYS.filter((days) => now >= notAfter - days * DAY)
  const days = reached.at(-1)
  if (days === undefined || (toldDays !== null && toldDays <= days)) return null
  return days
}
