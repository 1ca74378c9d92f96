import type {
  CertificatePurpose,
  DialectCall,
  DialectCertificate,
  DialectRequest,
  DnsAccess,
} from '@latchkey/core'
import { encodePem } from '@latchkey/crypto'
import { answered } from './dialect-answers.ts'
import {
  bodyOf,
  choiceOf,
  countOf,
  dnsOf,
  flagOf,
  optionalText,
  queryOf,
  textOf,
  unreadableBody,
  wrongParameter,
} from './dialect-parameters.ts'
import { writeExpiration } from './expiration.ts'

const TYPES = ['trusted', 'server'] as const
type Type = (typeof TYPES)[number]

const PURPOSES: Readonly<Record<Type, CertificatePurpose>> = {
  trusted: 'trusted-ca',
  server: 'server',
}
/** What is trusted elsewhere is shown as trusted here. */
const SHOWN: Readonly<Record<Type, readonly CertificatePurpose[]>> = {
  trusted: ['trusted-ca', 'webhook-ca'],
  server: ['server'],
}

const DEFAULT_PAGE_SIZE = 20
/** As certificates are called on a PBX; ours go into a path and a header of another. */
const FILE_NAME = /^(?!\.)[\w.()@+ -]{1,128}$/

export function list(request: DialectRequest): DialectCall {
  const type = choiceOf(queryOf(request, 'type'), 'type', TYPES)
  const page = countOf(queryOf(request, 'page') ?? 1, 'page')
  const size = countOf(queryOf(request, 'page_size') ?? DEFAULT_PAGE_SIZE, 'page_size')
  const by = choiceOf(queryOf(request, 'sort_by'), 'sort_by', SORT_FIELDS) ?? 'id'
  const order = choiceOf(queryOf(request, 'order_by'), 'order_by', ['asc', 'desc']) ?? 'asc'
  return {
    operation: 'certificate.list',
    input: { purposes: type === null ? [...SHOWN.trusted, ...SHOWN.server] : SHOWN[type] },
    answer({ certificates }) {
      const items = certificates.map(itemOf).toSorted((a, b) => compare(a[by], b[by]))
      if (order === 'desc') items.reverse()
      return answered({
        total_number: items.length,
        certificate_list: items.slice((page - 1) * size, page * size),
      })
    },
  }
}

export function readOne(request: DialectRequest): DialectCall {
  const id = countOf(queryOf(request, 'id'), 'id')
  return {
    operation: 'certificate.get',
    input: { ordinals: [id] },
    answer({ certificates: [only] }) {
      if (only === undefined) throw wrongParameter('id', 'there is none')
      return answered({ certificate: itemOf(only) })
    },
  }
}

export function readSeveral(request: DialectRequest): DialectCall {
  const ids = (queryOf(request, 'ids') ?? '').split(',').map((id) => countOf(id, 'ids'))
  return {
    operation: 'certificate.get',
    input: { ordinals: ids },
    answer({ certificates }) {
      const items = certificates.map(itemOf)
      return answered({ total_number: items.length, certificate_list: items })
    },
  }
}

/** Puts a file where `create` finds it by its name. */
export async function upload(request: DialectRequest): Promise<DialectCall> {
  const form = await formOf(request)
  const given = form.get('type')
  const type = choiceOf(typeof given === 'string' ? given : null, 'type', TYPES)
  if (type === null) throw wrongParameter('type', 'it must be there')
  const file = form.get('file')
  if (!(file instanceof File) || file.size === 0) throw wrongParameter('file', 'it must be a file')
  const fileName = file.name.split(/[/\\]/).at(-1) ?? ''
  requireFileName(fileName, 'file')
  return {
    operation: 'certificate.stage',
    input: {
      purpose: PURPOSES[type],
      fileName,
      pem: pemOf(new Uint8Array(await file.arrayBuffer())),
    },
    answer: ({ fileName: name }) => answered({ file: name }),
  }
}

export function create(request: DialectRequest): DialectCall {
  const body = bodyOf(request)
  const type = choiceOf(textOf(body, 'type'), 'type', TYPES) ?? 'trusted'
  const source = type === 'trusted' ? 'upload' : textOf(body, 'ca_type')
  if (choiceOf(source, 'ca_type', ['upload', 'apply']) === 'apply') return apply(body)
  const staged = textOf(body, 'name')
  requireFileName(staged, 'name')
  const renews = type === 'server' && flagOf(body, 'auto_renewal') === true
  return {
    operation: 'certificate.upload',
    input: {
      purpose: PURPOSES[type],
      pem: '',
      staged,
      autoRenewal: renews ? requiredDns(body) : null,
    },
    answer: ({ name, status }) =>
      answered({ name: name ?? staged, apply_status: applyStatusOf(status) }),
  }
}

function apply(body: Readonly<Record<string, unknown>>): DialectCall {
  const domain = textOf(body, 'issue_to')
  return {
    operation: 'certificate.apply',
    input: { domain, ...requiredDns(body) },
    answer: ({ name, status }) =>
      answered({ name: name ?? `${domain}.pem`, apply_status: applyStatusOf(status) }),
  }
}

/** Auto-renewal alone: another file or domain is another certificate here. */
export function update(request: DialectRequest): DialectCall {
  const body = bodyOf(request)
  const { id } = body
  const ordinal = countOf(typeof id === 'number' || typeof id === 'string' ? id : null, 'id')
  for (const field of ['name', 'issue_to']) {
    if (optionalText(body, field) !== null) {
      throw wrongParameter(field, 'it cannot be changed here; add another certificate instead')
    }
  }
  const renews = flagOf(body, 'auto_renewal') ?? dnsOf(body) !== null
  return {
    operation: 'certificate.update',
    input: { ordinal, autoRenewal: renews ? requiredDns(body) : null },
    answer: () => answered(),
  }
}

export function remove(request: DialectRequest): DialectCall {
  return {
    operation: 'certificate.remove',
    input: { ordinal: countOf(queryOf(request, 'id'), 'id') },
    answer: () => answered({ reboot: 1, apply: 1 }),
  }
}

export function updateWebServer(request: DialectRequest): DialectCall {
  return {
    operation: 'certificate.activate',
    input: { name: textOf(bodyOf(request), 'https_cert') },
    answer: () => answered(),
  }
}

const SORT_FIELDS = ['id', 'name', 'issue_to', 'expiration', 'type'] as const

/** As the PBX shows it, but for the DNS provider's secrets, which it shows as well. */
function itemOf(certificate: DialectCertificate) {
  const isServer = certificate.purpose === 'server'
  const { autoRenewal, notAfter } = certificate
  return {
    id: certificate.ordinal,
    name: certificate.name ?? '',
    type: isServer ? 'server' : 'trusted',
    issue_to: certificate.issuedTo ?? '',
    expiration: notAfter === null ? '' : writeExpiration(notAfter),
    ...(isServer
      ? {
          ca_type: certificate.origin ?? 'upload',
          auto_renewal: autoRenewal?.enabled === true ? 1 : 0,
          dns_provider: autoRenewal?.dnsProvider ?? '',
          auth_info_list: [],
        }
      : {}),
    apply_status: applyStatusOf(certificate.status),
  }
}

function applyStatusOf(status: DialectCertificate['status']): string {
  if (status === 'pending') return 'issuing'
  return status === 'failed' ? 'issuance_fail' : 'issuance_success'
}

function requiredDns(body: Readonly<Record<string, unknown>>): DnsAccess {
  const access = dnsOf(body)
  if (access === null) throw wrongParameter('dns_provider', 'it must be there')
  return access
}

function requireFileName(name: string, field: string): void {
  if (!FILE_NAME.test(name)) throw wrongParameter(field, 'it is no file name')
}

async function formOf({ headers, body }: DialectRequest): Promise<FormData> {
  const type = headers.get('content-type') ?? ''
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData()
  } catch {
    throw unreadableBody('Cannot parse body: it must be multipart/form-data')
  }
}

/** A PBX takes files in DER too. */
function pemOf(bytes: Uint8Array<ArrayBuffer>): string {
  const text = new TextDecoder().decode(bytes)
  return text.includes('-----BEGIN') ? text : encodePem('CERTIFICATE', bytes)
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : Number(a > b)
}
