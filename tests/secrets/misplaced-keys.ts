import type { CallOptions } from '../api/harness/client.ts'

/** A way in which somebody hands a private key in where it does not belong. */
export interface Misplaced {
  readonly name: string
  readonly method: string
  path(ids: Ids, pem: string): string
  options(ids: Ids, pem: string): CallOptions
}

export interface Ids {
  readonly connectionId: string
  readonly numberId: string
}

const FORM = 'application/x-www-form-urlencoded'
const KEY_PATH = ({ numberId }: Ids) => `/v1/numbers/${numberId}/encryption-key`

type Body = (pem: string, ids: Ids) => CallOptions

const publish = (name: string, options: Body, query = ''): Misplaced => ({
  name,
  method: 'PUT',
  path: (ids) => KEY_PATH(ids) + query,
  options: (ids, pem) => options(pem, ids),
})

/** In place of the public key: told as what it is. */
export const PUBLISHED: readonly Misplaced[] = [
  publish('JSON', (pem) => ({ json: { publicKey: pem } })),
  publish('JSON, its line breaks escaped', (pem) => ({
    json: { publicKey: pem.replaceAll('\n', '\\n') },
  })),
  publish('a form as Graph has it', (pem) => ({
    body: new URLSearchParams({ business_public_key: pem }).toString(),
    type: FORM,
  })),
  publish('a form as On-Premises has it', (pem) => ({
    body: new URLSearchParams({ public_key: pem }).toString(),
    type: FORM,
  })),
  publish('text', (pem) => ({ body: pem, type: 'text/plain' })),
  publish('a PEM file', (pem) => ({ body: pem, type: 'application/x-pem-file' })),
  publish(
    'a PEM file, unverified',
    (pem) => ({ body: pem, type: 'application/x-pem-file' }),
    '?verify=false',
  ),
  publish('a PEM file under an Idempotency-Key', (pem) => ({
    body: pem,
    type: 'application/x-pem-file',
    headers: { 'idempotency-key': 'once' },
  })),
]

const elsewhere = (
  name: string,
  method: string,
  path: (ids: Ids, pem: string) => string,
  options: Body = () => ({}),
): Misplaced => ({ name, method, path, options: (ids, pem) => options(pem, ids) })

/** Anywhere else: refused for whatever reason. */
export const ELSEWHERE: readonly Misplaced[] = [
  // Legacy encryption without its armour is random bytes: not to be told from any others.
  publish('one line without armour', (pem) => ({
    json: { publicKey: pem.replaceAll(/-----.*-----|\s/g, '') },
  })),
  publish('an unknown JSON field', (pem) => ({ json: { private_key: pem } })),
  publish('the name of a JSON field', (pem) => ({ json: { [pem]: '' } })),
  publish('the id of a key', (pem) => ({ json: { keyId: pem } })),
  publish('JSON that is none', (pem) => ({ body: pem })),
  publish('a form without a field', (pem) => ({ body: pem, type: FORM })),
  publish('an unknown form field', (pem) => ({
    body: new URLSearchParams({ private_key: pem }).toString(),
    type: FORM,
  })),
  publish('another media type', (pem) => ({ body: pem, type: 'application/octet-stream' })),
  elsewhere('the query', 'PUT', (ids, pem) => `${KEY_PATH(ids)}?key=${encodeURIComponent(pem)}`),
  elsewhere('a query’s name', 'GET', (ids, pem) => `${KEY_PATH(ids)}?${encodeURIComponent(pem)}`),
  elsewhere('the path', 'GET', (_ids, pem) => `/v1/numbers/${encodeURIComponent(pem)}`),
  elsewhere('an unknown path', 'GET', (_ids, pem) => `/${encodeURIComponent(pem)}`),
  elsewhere('an error page', 'GET', (_ids, pem) => `/docs/errors/${encodeURIComponent(pem)}`),
  elsewhere(
    'an event query',
    'GET',
    (_ids, pem) => `/v1/events?subject=${encodeURIComponent(pem)}`,
  ),
  elsewhere(
    'a number’s id',
    'POST',
    () => '/v1/numbers',
    (pem, { connectionId }) => ({
      json: { connectionId, upstreamId: pem },
    }),
  ),
  elsewhere(
    'a new number’s label',
    'POST',
    () => '/v1/numbers',
    (pem, { connectionId }) => ({
      json: { connectionId, upstreamId: '300000000000002', label: pem },
    }),
  ),
  elsewhere(
    'a label',
    'PATCH',
    ({ numberId }) => `/v1/numbers/${numberId}`,
    (pem) => ({
      json: { label: pem },
    }),
  ),
  elsewhere(
    'a connection’s name',
    'PATCH',
    ({ connectionId }) => `/v1/connections/${connectionId}`,
    (pem) => ({
      json: { name: pem },
    }),
  ),
  elsewhere(
    'a config field',
    'PATCH',
    ({ connectionId }) => `/v1/connections/${connectionId}`,
    (pem) => ({
      json: { config: { wabaId: pem } },
    }),
  ),
  elsewhere(
    'a base URL',
    'PATCH',
    ({ connectionId }) => `/v1/connections/${connectionId}`,
    (pem) => ({
      json: {
        config: { baseUrl: `https://example.com/${pem.replaceAll(/-----.*-----|\s/g, '')}` },
      },
    }),
  ),
  elsewhere(
    'an unknown config field',
    'PATCH',
    ({ connectionId }) => `/v1/connections/${connectionId}`,
    (pem) => ({
      json: { config: { [pem]: pem } },
    }),
  ),
  elsewhere(
    'an access token',
    'PATCH',
    ({ connectionId }) => `/v1/connections/${connectionId}`,
    (pem) => ({
      json: { credentials: { accessToken: pem } },
    }),
  ),
  elsewhere(
    'a provider',
    'POST',
    () => '/v1/connections',
    (pem) => ({
      json: { provider: pem, name: 'x' },
    }),
  ),
  elsewhere(
    'a token’s name',
    'POST',
    () => '/v1/tokens',
    (pem) => ({
      json: { name: pem, scopes: ['numbers:read'] },
    }),
  ),
  elsewhere(
    'a scope',
    'POST',
    () => '/v1/tokens',
    (pem) => ({
      json: { name: 'x', scopes: [pem] },
    }),
  ),
]
