import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import {
  consistencyQuery,
  flag,
  pageBody,
  pageOf,
  pageSchema,
  pagingQuery,
} from '../http/paging.ts'
import type { Route } from '../route.ts'
import { certificateSchema, purpose } from '../schemas/certificate.ts'
import { certificateId } from '../schemas/ids.ts'
import { certificateOperations } from './certificate-operations.ts'
import {
  ALL,
  allParams,
  ONE,
  oneParams,
  requireCertificateSight,
  requireConnectionSight,
} from './certificate-paths.ts'
import { showCertificate } from './certificate-view.ts'
import { PEM_TYPE } from './key-representation.ts'

export const certificateRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: ALL,
    operationId: 'listCertificates',
    summary: 'List a connection’s certificates',
    description:
      'Read from the upstream where the last reading is older than a minute; `Cache-Control: no-cache` or `?fresh=true` goes there at once. A certificate that the upstream does not list is shown as it was uploaded.',
    tag: 'Certificates',
    scope: 'certificates:read',
    params: allParams,
    query: z.object({
      ...pagingQuery(certificateId),
      ...consistencyQuery,
      purpose: purpose.optional(),
      fresh: flag(false).describe('Go to the upstream'),
    }),
    responses: {
      200: { description: 'A page', content: { [JSON_TYPE]: pageSchema(certificateSchema) } },
    },
    async handle(context) {
      const { request, services, principal, query, params } = context
      requireConnectionSight(context)
      const noCache = /\bno-cache\b/i.test(request.headers.get('cache-control') ?? '')
      const { readAllCertificates } = await certificateOperations()
      const states = await readAllCertificates(services, principal.actor, {
        connectionId: params.connectionId,
        fresh: query.fresh || noCache,
      })
      const wanted = states.filter(
        (state) => query.purpose === undefined || state.purpose === query.purpose,
      )
      const now = services.clock.now()
      return jsonResponse(
        200,
        pageBody(pageOf(wanted, query), (state) => showCertificate(state, now)),
      )
    },
  }),
  defineRoute({
    method: 'get',
    path: ONE,
    operationId: 'getCertificate',
    summary: 'Get a certificate',
    description: 'One that the upstream works on is asked after anew, at most every 2 seconds.',
    tag: 'Certificates',
    scope: 'certificates:read',
    params: oneParams,
    query: z.object(consistencyQuery),
    responses: {
      200: { description: 'The certificate', content: { [JSON_TYPE]: certificateSchema } },
    },
    async handle(context) {
      const { services, params } = context
      requireCertificateSight(context)
      const { readCertificate } = await certificateOperations()
      const state = await readCertificate(services, params.certificateId)
      return jsonResponse(200, showCertificate(state, services.clock.now()))
    },
  }),
  defineRoute({
    method: 'get',
    path: `${ONE}/pem`,
    operationId: 'getCertificatePem',
    summary: 'Get a certificate with its issuers as PEM',
    description:
      'Without any private key. `unsupported_operation` where the upstream does not give it and it was not uploaded here.',
    tag: 'Certificates',
    scope: 'certificates:read',
    params: oneParams,
    query: z.object(consistencyQuery),
    responses: { 200: { description: 'PEM', content: { [PEM_TYPE]: z.string() } } },
    async handle(context) {
      requireCertificateSight(context)
      const { readCertificatePem } = await certificateOperations()
      const pem = await readCertificatePem(context.services, context.params.certificateId)
      return new Response(pem, {
        status: 200,
        headers: { 'content-type': PEM_TYPE, 'cache-control': 'private, no-cache' },
      })
    },
  }),
]
