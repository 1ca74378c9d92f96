import { inject } from 'vitest'
import type { Companions } from './start-companions.ts'

/** Where the servers of this workerd listen; vitest counts the workerds that run at once from 1. */
export function companions(): Companions {
  const own = inject('companions')[Number(process.env['VITEST_POOL_ID']) - 1]
  if (own === undefined) throw new Error(`No servers for pool ${process.env['VITEST_POOL_ID']}`)
  return own
}
