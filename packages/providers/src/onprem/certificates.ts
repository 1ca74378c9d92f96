import {
  type CertificatePurpose,
  type Exchange,
  Fault,
  type ListedCertificate,
  type OperationShapes,
  type Operations,
  type UpstreamResponse,
} from '@latchkey/core'
import { certificatesIn, privateLines } from '../shared/certificate-text.ts'
import { unexpectedAnswer } from '../shared/http-status.ts'
import { isSuccess, jsonOf } from '../shared/json.ts'
import type { Call } from '../shared/verdict.ts'
import { CERTIFICATE_REASONS } from './codes.ts'
import type { Context } from './context.ts'
import { faultOf, saysNotFound, successJson } from './faults.ts'
import { doneAnswer } from './schema.ts'

type List = OperationShapes['certificate.list']
type Upload = OperationShapes['certificate.upload']
type Remove = OperationShapes['certificate.remove']
type Paths = Readonly<Partial<Record<CertificatePurpose, readonly string[]>>>

const EXTERNAL = ['v1', 'certificates', 'external'] as const
const WEBHOOK_CA = ['v1', 'certificates', 'webhooks', 'ca'] as const

/** Pages "/v1/certificates/external" and "/v1/certificates/webhooks". */
const LISTED: Paths = { 'server-ca': [...EXTERNAL, 'ca'], 'webhook-ca': WEBHOOK_CA }
const UPLOADED: Paths = { server: EXTERNAL, 'webhook-ca': WEBHOOK_CA }
const REMOVED: Paths = { 'webhook-ca': WEBHOOK_CA }

/** The deployment's side of certificates: one of each purpose, in a slot that an upload overwrites. */
export function certificateOperations(context: Context): Operations {
  return {
    'certificate.list': list(context),
    'certificate.upload': upload(context),
    'certificate.remove': remove(context),
  }
}

function list({ authorize, call }: Context): Exchange<List['input'], List['output']> {
  const about = call('list certificates')
  return {
    repeatable: true,
    request: ({ purpose }, session) => ({
      method: 'GET',
      path: pathOf(LISTED, purpose, about),
      headers: authorize(session),
    }),
    respond(response, { purpose }) {
      const pem = storedPem(about, response)
      return { certificates: pem === null ? [] : [inSlot(purpose, pem)], nextCursor: null }
    },
  }
}

function upload({ authorize, call }: Context): Exchange<Upload['input'], Upload['output']> {
  const about = call('upload certificate', 'writes')
  return {
    repeatable: false,
    request: ({ purpose, pem }, session) => ({
      method: 'POST',
      path: pathOf(UPLOADED, purpose, about),
      headers: { ...authorize(session), 'Content-Type': 'text/plain' },
      body: pem,
    }),
    respond(response, { pem }) {
      // An upstream that repeats what it was sent must not spread the private key.
      checkDone({ ...about, secrets: [...about.secrets, ...privateLines(pem)] }, response)
      return { name: null, status: 'installed' }
    },
  }
}

function remove({ authorize, call }: Context): Exchange<Remove['input'], Remove['output']> {
  const about = call('remove certificate', 'writes')
  return {
    repeatable: false,
    request: ({ purpose }, session) => ({
      method: 'DELETE',
      path: pathOf(REMOVED, purpose, about),
      headers: authorize(session),
    }),
    respond(response) {
      checkDone(about, response)
      return {}
    },
  }
}

function pathOf(paths: Paths, purpose: CertificatePurpose, { action }: Call): readonly string[] {
  const path = paths[purpose]
  if (path !== undefined) return path
  throw new Fault(
    'unsupported_operation',
    `Cannot ${action}: the upstream has no such call for purpose "${purpose}"`,
  )
}

/** PEM of the certificates that are set, null where none are. @throws Fault upstream_* */
function storedPem(about: Call, response: UpstreamResponse): string | null {
  const isEmpty = response.body.trim() === ''
  if (!isSuccess(response)) {
    if (saysNotFound(response) || (response.status === 404 && isEmpty)) return null
    throw faultOf(about, response, CERTIFICATE_REASONS)
  }
  const json = jsonOf(response)
  if (isEmpty || (json !== undefined && doneAnswer.safeParse(json).success)) return null
  const pem = certificatesIn(response.body)
  if (pem === null) throw unexpectedAnswer(about, response)
  return pem
}

/** @throws Fault upstream_* */
function checkDone(about: Call, response: UpstreamResponse): void {
  if (isSuccess(response) && response.body.trim() === '') return
  const json = successJson(about, response, CERTIFICATE_REASONS)
  if (!doneAnswer.safeParse(json).success) throw unexpectedAnswer(about, response)
}

function inSlot(purpose: CertificatePurpose, pem: string): ListedCertificate {
  return {
    upstreamId: purpose,
    purpose,
    name: null,
    status: 'installed',
    origin: null,
    issuedTo: null,
    notAfter: null,
    pem,
    autoRenewal: null,
    problem: null,
  }
}
