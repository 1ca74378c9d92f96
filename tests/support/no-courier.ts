import type { Courier } from '@latchkey/core'

/** For worlds that send no webhooks. */
export const noCourier: Courier = {
  admit: () => Promise.reject(new Error('Cannot admit: this world has no courier')),
  post: () => Promise.reject(new Error('Cannot post: this world has no courier')),
}
