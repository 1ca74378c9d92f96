import * as z from 'zod'
import { call, type CallOptions, type Requesting, type Sent } from './client.ts'

export const CERTIFICATE_DIALECTS = ['onprem', 'pbx'] as const
export type CertificateDialect = (typeof CERTIFICATE_DIALECTS)[number]

/** An authority that is trusted, or what a server shows. */
export type FileKind = 'trusted' | 'server'

/** How a dialect's callers keep certificates. */
export interface CertificateSpeech {
  add(kind: FileKind, pem: string): Promise<Sent>
  /** The authorities that are trusted. */
  read(): Promise<Sent>
  /** The first of them that is trusted, or what they all are. */
  remove(): Promise<Sent>
}

const answered = z.looseObject({ errcode: z.number() })
const listed = z.looseObject({
  certificate_list: z.array(z.looseObject({ id: z.number(), name: z.string() })),
})

/** What a PBX says came of a call; it answers 200 to everything. */
export function errcodeOf({ json, text }: Sent): number {
  const parsed = answered.safeParse(json)
  if (parsed.success) return parsed.data.errcode
  throw new Error(`Cannot read answer of a PBX: ${text}`)
}

/** What a PBX lists; nothing where it refuses. */
export function certificatesIn({ json }: Sent) {
  return listed.safeParse(json).data?.certificate_list ?? []
}

/** Whether an answer says that it was done. */
export function isDone(dialect: CertificateDialect, sent: Sent): boolean {
  return sent.status === 200 && (dialect === 'onprem' || errcodeOf(sent) === 0)
}

/** @param token limited to the connection, as it goes into the URLs of a PBX; null for none */
export function certificateSpeech(
  api: Requesting,
  dialect: CertificateDialect,
  { at, token }: { readonly at: string; readonly token: string | null },
): CertificateSpeech {
  return dialect === 'onprem' ? onpremSpeech(api, at, token) : pbxSpeech(api, at, token)
}

function onpremSpeech(api: Requesting, at: string, token: string | null): CertificateSpeech {
  const ask = (method: string, kind: FileKind, options: CallOptions = {}) => {
    const place = kind === 'trusted' ? 'webhooks/ca' : 'external'
    return call(api, method, `/onprem/${at}/v1/certificates/${place}`, { ...options, token })
  }
  return {
    add: (kind, body) => ask('POST', kind, { type: 'text/plain', body }),
    read: () => ask('GET', 'trusted'),
    remove: () => ask('DELETE', 'trusted'),
  }
}

const FILE = 'dialect.pem'

/** Calls an endpoint of a PBX, the token in its URL as everything there has it. */
export function pbxCaller(api: Requesting, at: string, token: string | null) {
  return (method: string, endpoint: string, query: object, options: CallOptions = {}) => {
    const given = { ...query, ...(token === null ? {} : { access_token: token }) }
    const search = new URLSearchParams(Object.entries(given)).toString()
    const path = `/pbx/${at}/openapi/v1.0/${endpoint}?${search}`
    return call(api, method, path, { ...options, token: null })
  }
}

/** The first of the two steps of adding a certificate: the file, which a second call names. */
export async function stageAtPbx(
  ask: ReturnType<typeof pbxCaller>,
  type: FileKind,
  pem: string,
): Promise<Sent> {
  const form = new FormData()
  form.set('type', type)
  form.set('file', new File([pem], FILE))
  const encoded = new Response(form)
  const body = new Uint8Array(await encoded.arrayBuffer())
  const contentType = encoded.headers.get('content-type') ?? ''
  return ask('POST', 'certificate/upload', {}, { body, type: contentType })
}

function pbxSpeech(api: Requesting, at: string, token: string | null): CertificateSpeech {
  const ask = pbxCaller(api, at, token)
  const read = () => ask('GET', 'certificate/list', { type: 'trusted' })
  return {
    async add(type, pem) {
      const staged = await stageAtPbx(ask, type, pem)
      if (!isDone('pbx', staged)) return staged
      const source = type === 'server' ? { ca_type: 'upload' } : {}
      return ask('POST', 'certificate/create', {}, { json: { type, ...source, name: FILE } })
    },
    read,
    async remove() {
      const [first] = certificatesIn(await read())
      return ask('GET', 'certificate/delete', { id: first?.id ?? 1 })
    },
  }
}
