import * as z from 'zod'
import { call, type CallOptions, connectionTo, make, type Requesting, type Sent } from './client.ts'
import type { ApiHarness } from './harness.ts'

const shown = z.object({
  id: z.string(),
  purpose: z.string(),
  name: z.string().nullable(),
  status: z.string(),
  fingerprint: z.string().nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })).default([]),
})
export type ShownCertificate = z.infer<typeof shown>

const page = z.object({ data: z.array(shown), nextCursor: z.string().nullable() })

/** A connection whose certificates can be asked for. */
export interface Certificates {
  readonly connectionId: string
  /** Of all of them. */
  readonly path: string
}

export async function openCertificates(
  api: Requesting & Pick<ApiHarness, 'urls'>,
  provider: 'onprem' | 'pbx',
): Promise<Certificates> {
  const connectionId = await make(api, '/v1/connections', connectionTo(api, provider))
  return { connectionId, path: `/v1/connections/${connectionId}/certificates` }
}

export function shownIn(sent: Sent): ShownCertificate {
  const parsed = shown.safeParse(sent.json)
  if (parsed.success) return parsed.data
  throw new Error(`Cannot read certificate: ${sent.text}`)
}

const told = z.object({ code: z.string(), severity: z.string().optional() })
const answer = z.object({ warnings: z.array(told).optional(), findings: z.array(told).optional() })

/** The codes of the warnings or findings of an answer; of one severity, where one is given. */
export function codesOf({ json }: Sent, severity?: string): readonly string[] {
  const { warnings = [], findings = [] } = answer.parse(json)
  return [...warnings, ...findings]
    .filter((each) => severity === undefined || each.severity === severity)
    .map(({ code }) => code)
}

/** The id of the certificate that a problem names. */
export function namedIn({ text }: Sent): string {
  const [id] = /crt_[0-9a-z]{28}/.exec(text) ?? []
  if (id === undefined) throw new Error(`Cannot find a certificate in ${text}`)
  return id
}

/** Uploads a PEM text; what else the body is to say in `more`. */
export function upload(
  api: Requesting,
  { path }: Certificates,
  purpose: string,
  pem: string,
  more: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<Sent> {
  return call(api, 'POST', path, {
    json: { purpose, source: { type: 'upload', pem }, ...more },
    ...options,
  })
}

/** The certificates as they are listed. */
export async function listed(
  api: Requesting,
  { path }: Certificates,
  query = '',
): Promise<readonly ShownCertificate[]> {
  const sent = await call(api, 'GET', path + query)
  const parsed = page.safeParse(sent.json)
  if (parsed.success) return parsed.data.data
  throw new Error(`Cannot read list: ${sent.text}`)
}
