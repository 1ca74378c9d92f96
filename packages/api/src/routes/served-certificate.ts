import { defineRoute } from '../define-route.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import type { Route } from '../route.ts'
import { servedSchema } from '../schemas/served-certificate.ts'
import { certificateOperations } from './certificate-operations.ts'
import { ONE, oneParams, requireCertificateSight } from './certificate-paths.ts'
import { showCertificate } from './certificate-view.ts'
import { showDescribed } from './described-certificate.ts'

export const servedCertificateRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: `${ONE}/verify-served`,
    operationId: 'verifyServedCertificate',
    summary: 'Compare the certificate that the host serves with this one',
    description:
      'Opens a TLS connection to the host and sends nothing over it. One that is found to be served is shown as `active` from then on. Needs the Deno server: on Workers it is `unsupported_operation`.',
    tag: 'Certificates',
    scope: 'certificates:read',
    params: oneParams,
    responses: {
      200: { description: 'What the host serves', content: { [JSON_TYPE]: servedSchema } },
    },
    async handle(context) {
      const { services, principal, params } = context
      requireCertificateSight(context)
      const { verifyServed } = await certificateOperations()
      const { matches, served, installed, state } = await verifyServed(
        services,
        principal.actor,
        params,
      )
      const now = services.clock.now()
      return jsonResponse(200, {
        matches,
        served: showDescribed(served, now),
        installed: installed === null ? null : { fingerprint: installed },
        certificate: showCertificate(state, now),
      })
    },
  }),
]
