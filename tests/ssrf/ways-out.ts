import type { OperationName } from '@latchkey/core'

/** What there is of one provider to call out from. */
export interface Place {
  readonly connectionId: string
  readonly numberId: string
}

export interface WayOut {
  readonly method: string
  readonly path: (place: Place) => string
  readonly json?: unknown
}

const KEY_OF = ({ numberId }: Place) => `/v1/numbers/${numberId}/encryption-key`

/**
 * The routes by which each operation of a provider is asked for. An operation that is added has no entry, and does
 * not compile before it has one: then every test here covers it too.
 */
export const WAYS_OUT: (publicKey: string) => Record<OperationName, readonly WayOut[]> = (
  publicKey,
) => ({
  'encryptionKey.publish': [
    { method: 'PUT', path: KEY_OF, json: { publicKey } },
    { method: 'PUT', path: (place) => `${KEY_OF(place)}?verify=false`, json: { publicKey } },
  ],
  'encryptionKey.read': [{ method: 'GET', path: (place) => `${KEY_OF(place)}?fresh=true` }],
  'numbers.list': [
    { method: 'POST', path: ({ connectionId }) => `/v1/connections/${connectionId}/discover` },
  ],
  'connection.check': [
    { method: 'POST', path: ({ connectionId }) => `/v1/connections/${connectionId}/check` },
  ],
  // No route asks for these yet.
  'certificate.list': [],
  'certificate.get': [],
  'certificate.stage': [],
  'certificate.upload': [],
  'certificate.apply': [],
  'certificate.update': [],
  'certificate.remove': [],
  'certificate.activate': [],
})
