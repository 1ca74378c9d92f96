import type { FaultAnswer } from '@latchkey/sandbox'

export type SandboxUpstream = 'graph' | 'onprem' | 'kaleyra'

/** Statuses whose meaning an upstream's answer may be taken by. */
const STATUSES = [200, 400, 403, 404, 429, 500, 503]

/** Everything that can go wrong with an answer, secrets in it where it has a place for them. */
export function faultAnswers(
  upstream: SandboxUpstream | 'pbx',
  secrets: readonly string[],
): readonly FaultAnswer[] {
  const all = secrets.join(' ')
  const [first = ''] = secrets
  const headers = headersFullOf(first, all)
  const [one, ...others] = envelopes[upstream](first, all)
  return [
    ...STATUSES.map((status): FaultAnswer => ({ kind: 'respond', status, headers, json: one })),
    ...others.map((json): FaultAnswer => ({ kind: 'respond', status: 400, headers, json })),
    ...others.map((json): FaultAnswer => ({ kind: 'respond', status: 200, headers, json })),
    ...secrets.map((secret): FaultAnswer => ({
      kind: 'respond',
      status: 400,
      headers: { 'x-request-id': secret, 'x-fb-trace-id': secret },
      json: envelopes[upstream](secret, secret)[0],
    })),
    { kind: 'respond', status: 200, headers, body: `<html><body>${all}</body></html>` },
    { kind: 'respond', status: 502, headers, body: `<html><body>${all}</body></html>` },
    { kind: 'respond', status: 200, headers, body: `{"unfinished": "${all}` },
    { kind: 'redirect', location: `https://elsewhere.example/?token=${encodeURIComponent(all)}` },
    { kind: 'redirect', location: `/login#${encodeURIComponent(first)}`, status: 307 },
    { kind: 'reset' },
    { kind: 'html' },
    { kind: 'truncate' },
    { kind: 'garbage' },
    { kind: 'oversize' },
    { kind: 'empty' },
    { kind: 'content-type', value: `text/plain; token="${first}"` },
    { kind: 'drip', chunkBytes: 64, intervalMs: 1 },
  ]
}

function headersFullOf(secret: string, all: string): Record<string, string> {
  return {
    'x-request-id': secret,
    'x-fb-request-id': secret,
    'x-fb-trace-id': secret,
    'www-authenticate': `Bearer realm="${secret}"`,
    'set-cookie': `session=${encodeURIComponent(all)}`,
    'x-app-usage': JSON.stringify({ call_count: secret, note: all }),
    server: all,
  }
}

/** Each upstream's own envelopes for an error, and one that looks like a success. */
const envelopes: Readonly<
  Record<SandboxUpstream | 'pbx', (one: string, all: string) => unknown[]>
> = {
  graph: (one, all) => [
    {
      error: {
        message: `Malformed access token ${one}`,
        code: 100,
        type: one,
        error_data: { details: all },
        error_user_msg: all,
        fbtrace_id: one,
      },
    },
    { error: { message: all, code: one, fbtrace_id: one } },
    { data: [{ business_public_key: one, business_public_key_signature_status: one }] },
  ],
  onprem: (one, all) => [
    { meta: { version: one }, errors: [{ code: 1009, title: one, details: all, href: all }] },
    { errors: [{ code: one, title: all }] },
    { settings: { business_public_key: one, business_public_key_signature_status: one } },
  ],
  kaleyra: (one, all) => [
    { code: 'WA-400', message: `Incorrect API key ${one}`, data: { note: all }, error: all },
    { code: one, message: all, data: {}, error: { [one]: all } },
    { code: 'WA-200', message: one, data: { success: 'maybe', key: all }, error: {} },
  ],
  pbx: (one, all) => [
    { errcode: 40002, errmsg: all, invalid_param_list: [{ field: one, value: all }] },
    { errcode: one, errmsg: all, duplicate_field_list: [{ field: all, value: one }] },
    {
      errcode: 0,
      errmsg: all,
      // A name is taken over, and no secret.
      name: 'a.pem',
      file: 'a.pem',
      apply_status: all,
      total_number: 1,
      certificate_list: [
        { id: 1, name: 'a.pem', type: 'server', issue_to: one, apply_tip_code: all },
      ],
    },
  ],
}
