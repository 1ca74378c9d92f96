import { SAMPLE } from '@latchkey/sandbox'
import { call, type CallOptions, type Requesting, type Sent } from './client.ts'

export const KEY_DIALECTS = ['graph', 'onprem', 'kaleyra'] as const
export type KeyDialect = (typeof KEY_DIALECTS)[number]

export const KEY_FIELD = 'business_public_key'
export const STATUS_FIELD = 'business_public_key_signature_status'
const FORM = 'application/x-www-form-urlencoded'

/** Whom a program speaks to, and as whom. */
export interface Target {
  /** The part of the path in place of the provider's host: a connection, or a number. */
  readonly at: string
  /** The number in the path; On-Premises paths have none. */
  readonly number: string
  /** The admin's by default; null for none. */
  readonly token?: string | null
}

/** How a dialect's callers ask for a number's key. */
interface Speech {
  readonly path: (target: Target) => string
  /** The path of something that is not served. */
  readonly elsewhere: (target: Target) => string
  /** The parameter that brings the key. */
  readonly field: string
  readonly secret: (token: string) => Readonly<Record<string, string>>
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const kaleyra = ({ at, number }: Target) =>
  `/kaleyra/${at}/v2/${SAMPLE.kaleyra.sid}/whatsapp/${encodeURIComponent(number)}`

const SPEECHES: Readonly<Record<KeyDialect, Speech>> = {
  graph: {
    path: ({ at, number }) =>
      `/graph/${at}/v25.0/${encodeURIComponent(number)}/whatsapp_business_encryption`,
    elsewhere: ({ at, number }) =>
      `/graph/${at}/v25.0/${encodeURIComponent(number)}/whatsapp_business_profile`,
    field: KEY_FIELD,
    secret: bearer,
  },
  onprem: {
    path: ({ at }) => `/onprem/${at}/v1/settings/business/whatsapp_business_encryption`,
    elsewhere: ({ at }) => `/onprem/${at}/v1/settings/business/profile`,
    field: 'public_key',
    secret: bearer,
  },
  kaleyra: {
    path: (target) => `${kaleyra(target)}/flows_encryption`,
    elsewhere: (target) => `${kaleyra(target)}/messages`,
    field: KEY_FIELD,
    secret: (token) => ({ 'api-key': token }),
  },
}

/** A request to the path of a number's key. */
export function askKey(
  api: Requesting,
  dialect: KeyDialect,
  target: Target,
  { method = 'GET', ...options }: CallOptions & { readonly method?: string } = {},
): Promise<Sent> {
  return send(api, dialect, { ...target, path: SPEECHES[dialect].path(target), method }, options)
}

export function askElsewhere(api: Requesting, dialect: KeyDialect, target: Target): Promise<Sent> {
  const path = SPEECHES[dialect].elsewhere(target)
  return send(api, dialect, { ...target, path, method: 'GET' }, {})
}

/** Sends a key as a form, which each of the providers takes. */
export function sendKey(
  api: Requesting,
  dialect: KeyDialect,
  target: Target,
  pem: string,
): Promise<Sent> {
  const body = new URLSearchParams({ [SPEECHES[dialect].field]: pem }).toString()
  return askKey(api, dialect, target, { method: 'POST', type: FORM, body })
}

function send(
  api: Requesting,
  dialect: KeyDialect,
  {
    path,
    method,
    token = api.adminToken,
  }: { readonly path: string; readonly method: string; readonly token?: string | null },
  options: CallOptions,
): Promise<Sent> {
  const headers = token === null ? {} : SPEECHES[dialect].secret(token)
  return call(api, method, path, { ...options, token: null, headers })
}
