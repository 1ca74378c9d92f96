import {
  type CertificatePurpose,
  type DnsAccess,
  type Exchange,
  Fault,
  isFault,
  type ListedCertificate,
  type OperationShapes,
  type Operations,
} from '@latchkey/core'
import * as z from 'zod'
import { privateLines } from '../shared/certificate-text.ts'
import type { Call } from '../shared/verdict.ts'
import { DATA_NOT_FOUND, PROCESSING } from './codes.ts'
import { authInfoOf } from './dns.ts'
import { codeOf, successOf } from './faults.ts'
import { isPbxPurpose, listedOf, statusOf, TYPES } from './item.ts'
import { multipartForm } from './multipart.ts'
import { get, post } from './request.ts'
import { createAnswer, getAnswer, listAnswer, uploadAnswer } from './schema.ts'

type Shape<Name extends keyof OperationShapes> = Exchange<
  OperationShapes[Name]['input'],
  OperationShapes[Name]['output']
>
/** What a call is called in faults, with what else it carries that nobody may learn. */
type About = (action: string, writes: boolean, secrets?: readonly string[]) => Call

/** More than the PBX can hold, so that one page is all. */
const PAGE_SIZE = 50

/** Certificates on the PBX (pages "Certificate"), with the secrets of a connection kept out of what it says. */
export function certificateOperations(secrets: readonly string[]): Operations {
  const about: About = (action, writes, more = []) => ({
    action,
    writes,
    secrets: [...secrets, ...more],
  })
  return {
    'connection.check': check(about),
    'certificate.list': list(about),
    'certificate.get': read(about),
    'certificate.stage': stage(about),
    'certificate.upload': upload(about),
    'certificate.apply': apply(about),
    'certificate.update': update(about),
    'certificate.remove': remove(about),
    'certificate.activate': activate(about),
  }
}

function check(about: About): Shape<'connection.check'> {
  return {
    repeatable: true,
    request: (_input, session) =>
      get(['certificate', 'list'], { session, query: [['page_size', '1']] }),
    respond(response) {
      successOf(about('check connection', false), response, listAnswer)
      return {}
    },
  }
}

function list(about: About): Shape<'certificate.list'> {
  return {
    repeatable: true,
    request({ purpose, cursor }, session) {
      const query = [
        ['page', String(placeOf(cursor).page)],
        ['page_size', String(PAGE_SIZE)],
        ['sort_by', 'id'],
        ['order_by', 'asc'],
        ['type', typeOf(purpose, 'list certificates')],
      ] as const
      return get(['certificate', 'list'], { session, query })
    },
    respond(response, { purpose, cursor }) {
      const answer = successOf(about('list certificates', false), response, listAnswer)
      const items = answer.certificate_list ?? []
      const { page, seen } = placeOf(cursor)
      const all = seen + items.length
      const isMore = items.length > 0 && all < (answer.total_number ?? 0)
      return {
        // Firmware that does not know the filter lists all.
        certificates: listedOf(items).filter((each) => each.purpose === purpose),
        nextCursor: isMore ? `${page + 1}/${all}` : null,
      }
    },
  }
}

function read(about: About): Shape<'certificate.get'> {
  return {
    repeatable: true,
    request({ upstreamIds }, session) {
      const [only = '', ...others] = upstreamIds
      if (others.length === 0) {
        return get(['certificate', 'get'], { session, query: [['id', only]] })
      }
      return get(['certificate', 'query'], { session, query: [['ids', upstreamIds.join(',')]] })
    },
    respond(response, { upstreamIds }) {
      const call = about('read certificate', false)
      try {
        if (upstreamIds.length > 1) {
          const answer = successOf(call, response, listAnswer)
          return { certificates: listedOf(answer.certificate_list ?? []) }
        }
        const { certificate } = successOf(call, response, getAnswer)
        return { certificates: listedOf([certificate]) }
      } catch (error) {
        if (isFault(error) && codeOf(error) === DATA_NOT_FOUND) return { certificates: [] }
        throw error
      }
    },
  }
}

function stage(about: About): Shape<'certificate.stage'> {
  return {
    repeatable: false,
    request({ purpose, fileName, pem }, session) {
      const { contentType, body } = multipartForm([
        { name: 'type', content: typeOf(purpose, 'upload certificate') },
        {
          name: 'file',
          content: pem,
          file: { name: fileName, type: 'application/x-pem-file' },
        },
      ])
      return post(['certificate', 'upload'], { session, body, type: contentType })
    },
    respond(response, { pem }) {
      const call = about('upload certificate', true, privateLines(pem))
      return { fileName: successOf(call, response, uploadAnswer).file }
    },
  }
}

function upload(about: About): Shape<'certificate.upload'> {
  return {
    repeatable: false,
    request({ purpose, staged, autoRenewal }, session) {
      const type = typeOf(purpose, 'add certificate')
      if (staged === null) throw new Fault('internal', 'Cannot add certificate: no file is there')
      const body =
        type === 'trusted'
          ? { type, name: staged }
          : { type, ca_type: 'upload', name: staged, ...renewal(autoRenewal) }
      return post(['certificate', 'create'], { session, body: JSON.stringify(body) })
    },
    respond(response, { pem, autoRenewal }) {
      const secrets = [...privateLines(pem), ...dnsSecrets(autoRenewal)]
      const call = about('add certificate', true, secrets)
      return created(successOf(call, response, createAnswer), 'installed')
    },
  }
}

function apply(about: About): Shape<'certificate.apply'> {
  return {
    repeatable: false,
    request({ domain, ...access }, session) {
      const body = { type: 'server', ca_type: 'apply', issue_to: domain, ...dnsFields(access) }
      return post(['certificate', 'create'], { session, body: JSON.stringify(body) })
    },
    respond(response, access) {
      const call = about('apply for certificate', true, dnsSecrets(access))
      return created(successOf(call, response, createAnswer), 'pending')
    },
  }
}

function update(about: About): Shape<'certificate.update'> {
  return {
    repeatable: false,
    request({ upstreamId, autoRenewal }, session) {
      const body = { id: Number(upstreamId), ...renewal(autoRenewal) }
      return post(['certificate', 'update'], { session, body: JSON.stringify(body) })
    },
    respond(response, { autoRenewal }) {
      successOf(about('update certificate', true, dnsSecrets(autoRenewal)), response, z.unknown())
      return {}
    },
  }
}

function remove(about: About): Shape<'certificate.remove'> {
  return {
    // A GET that deletes: nothing here may send it twice.
    repeatable: false,
    request({ purpose, upstreamId }, session) {
      typeOf(purpose, 'delete certificate')
      return get(['certificate', 'delete'], { session, query: [['id', upstreamId]] })
    },
    respond(response) {
      successOf(about('delete certificate', true), response, z.unknown())
      return {}
    },
  }
}

function activate(about: About): Shape<'certificate.activate'> {
  return {
    repeatable: false,
    request: ({ name }, session) =>
      post(['webserver', 'update'], { session, body: JSON.stringify({ https_cert: name }) }),
    respond(response) {
      successOf(about('activate certificate', true), response, z.unknown())
      return {}
    },
  }
}

/** @throws Fault unsupported_operation */
function typeOf(purpose: CertificatePurpose, action: string): 'trusted' | 'server' {
  if (isPbxPurpose(purpose)) return TYPES[purpose]
  throw new Fault(
    'unsupported_operation',
    `Cannot ${action}: the PBX has no certificates for purpose "${purpose}"`,
  )
}

function renewal(access: DnsAccess | null) {
  return access === null ? { auto_renewal: 0 } : { auto_renewal: 1, ...dnsFields(access) }
}

function dnsFields(access: DnsAccess) {
  return { dns_provider: access.dnsProvider, auth_info_list: authInfoOf(access) }
}

function dnsSecrets(access: DnsAccess | null): readonly string[] {
  const values = Object.values(access?.dnsParameters ?? {})
  return values.filter((value) => typeof value === 'string')
}

/** @param usual what it is where the answer does not say, as one that is being done may not */
function created(
  { errcode, name, apply_status: told }: z.output<typeof createAnswer>,
  usual: ListedCertificate['status'],
): OperationShapes['certificate.upload']['output'] {
  const silent = errcode === PROCESSING ? 'pending' : usual
  return { name: name ?? null, status: told == null ? silent : statusOf(told) }
}

/** Where a list goes on. A PBX may give smaller pages than were asked for: what was seen counts, not its pages. */
function placeOf(cursor: string | null): { readonly page: number; readonly seen: number } {
  const [page = 1, seen = 0] = cursor?.split('/').map(Number) ?? []
  return { page, seen }
}
