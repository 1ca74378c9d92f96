import {
  type Added,
  amendFault,
  type CertificateState,
  connectionPartition,
  type Instant,
  isFault,
  requireScope,
  type StoredResponse,
} from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { answerOnce } from '../http/idempotency.ts'
import { JSON_TYPE, jsonStored, NO_CONTENT } from '../http/json.ts'
import type { Route } from '../route.ts'
import { certificateSchema, changedCertificateSchema } from '../schemas/certificate.ts'
import { certificatePatchBody, newCertificateBody } from '../schemas/new-certificate.ts'
import { certificateOperations } from './certificate-operations.ts'
import {
  ALL,
  allParams,
  certificateUrl,
  ONE,
  oneParams,
  requireCertificateSight,
  requireConnectionSight,
} from './certificate-paths.ts'
import { showCertificate, showChanged } from './certificate-view.ts'
import { PEM_TYPE } from './key-representation.ts'
import { pemQuery, submittedCertificate } from './submitted-certificate.ts'

const changed = { [JSON_TYPE]: changedCertificateSchema }

export const certificateChangeRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: ALL,
    operationId: 'createCertificate',
    summary: 'Upload a certificate, or have the upstream obtain one',
    description:
      'An upload is judged first, and mended where that is safe; where it would break the other side it is refused with the findings, and nothing is sent. Where there is one certificate for the purpose, it is replaced. `Location` is the certificate’s own URL; one that is on its way is followed there.',
    tag: 'Certificates',
    scope: 'certificates:write',
    params: allParams,
    query: pemQuery,
    body: {
      [JSON_TYPE]: newCertificateBody,
      [PEM_TYPE]: z.string().describe('Certificates, the private key of a server’s with them'),
    },
    responses: {
      201: { description: 'Installed', content: changed },
      202: { description: 'On its way', content: changed },
    },
    async handle(context) {
      const { request, services, principal, params, query } = context
      requireConnectionSight(context)
      const { body, submitted } = await submittedCertificate(request, query)
      if (submitted.type === 'upload' && submitted.force) requireScope(principal, 'admin')
      const { connectionId } = params
      const now = services.clock.now()
      return answerOnce<Added>(context, {
        partition: connectionPartition(connectionId),
        body,
        async work(by) {
          const { applyForCertificate, uploadCertificate } = await certificateOperations()
          if (submitted.type === 'apply') {
            return pointingBelow('/source', () =>
              applyForCertificate(services, by, { ...submitted, connectionId }),
            )
          }
          return pointingBelow('/autoRenewal', () =>
            uploadCertificate(services, by, { ...submitted, connectionId }),
          )
        },
        render: (added) => created(added, now),
      })
    },
  }),
  defineRoute({
    method: 'patch',
    path: ONE,
    operationId: 'updateCertificate',
    summary: 'Turn a certificate’s auto-renewal on or off',
    tag: 'Certificates',
    scope: 'certificates:write',
    params: oneParams,
    body: { [JSON_TYPE]: certificatePatchBody },
    responses: { 200: { description: 'Changed', content: changed } },
    async handle(context) {
      const { request, services, params } = context
      requireCertificateSight(context)
      requireMediaType(request, [JSON_TYPE])
      const body = await readBody(request)
      const asked = parseWith(certificatePatchBody, parseJson(decodeText(body)), 'certificate')
      const now = services.clock.now()
      return answerOnce<Added>(context, {
        partition: connectionPartition(params.connectionId),
        body,
        async work(by) {
          const { updateCertificate } = await certificateOperations()
          return pointingBelow('/autoRenewal', () =>
            updateCertificate(services, by, { ...params, ...asked }),
          )
        },
        render: (added) => jsonStored(200, showChanged(added, now)),
      })
    },
  }),
  defineRoute({
    method: 'delete',
    path: ONE,
    operationId: 'deleteCertificate',
    summary: 'Delete a certificate at the upstream',
    description: 'One that is in use is not deleted: activate another one first.',
    tag: 'Certificates',
    scope: 'certificates:write',
    params: oneParams,
    responses: { 204: { description: 'Deleted' } },
    async handle(context) {
      const { services, params } = context
      requireCertificateSight(context)
      return answerOnce<null>(context, {
        partition: connectionPartition(params.connectionId),
        body: new Uint8Array(),
        async work(by) {
          const { removeCertificate } = await certificateOperations()
          await removeCertificate(services, by, params)
          return null
        },
        render: () => NO_CONTENT,
      })
    },
  }),
  defineRoute({
    method: 'post',
    path: `${ONE}/activate`,
    operationId: 'activateCertificate',
    summary: 'Put a certificate in use; the one before stays installed',
    tag: 'Certificates',
    scope: 'certificates:write',
    params: oneParams,
    responses: {
      200: { description: 'In use', content: { [JSON_TYPE]: certificateSchema } },
    },
    async handle(context) {
      const { services, params } = context
      requireCertificateSight(context)
      const now = services.clock.now()
      return answerOnce<CertificateState>(context, {
        partition: connectionPartition(params.connectionId),
        body: new Uint8Array(),
        async work(by) {
          const { activateCertificate } = await certificateOperations()
          return activateCertificate(services, by, params)
        },
        render: (state) => jsonStored(200, showCertificate(state, now)),
      })
    },
  }),
]

function created(added: Added, now: Instant): StoredResponse {
  const { state } = added
  const status = state.work === null ? 201 : 202
  return jsonStored(status, showChanged(added, now), { location: certificateUrl(state) })
}

/** What is found wrong with access to DNS is pointed to where the body has it. */
async function pointingBelow<Result>(base: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isFault(error) || error.errors.length === 0) throw error
    throw amendFault(error, {
      errors: error.errors.map(({ pointer, message }) => ({ pointer: base + pointer, message })),
    })
  }
}
