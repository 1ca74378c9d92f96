import { inspectBundle } from '@latchkey/core'
import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { decodeText, parseJson, parseWith, readBody, requireMediaType } from '../http/body.ts'
import { JSON_TYPE, jsonResponse } from '../http/json.ts'
import type { Route } from '../route.ts'
import { showFinding } from '../http/show-finding.ts'
import {
  inspectBody,
  inspectionSchema,
  inspectKeyBody,
  keyInspectionSchema,
} from '../schemas/inspection.ts'
import { uploadedPurpose } from '../schemas/new-certificate.ts'
import { showDescribed } from './described-certificate.ts'
import { inspectKey } from './inspect-key.ts'
import { PEM_TYPE } from './key-representation.ts'
import { noQuery, PEM_LIMIT_BYTES, requireSmall } from './submitted-certificate.ts'
import { TEXT_TYPE } from './submitted-key.ts'

const TYPES = [JSON_TYPE, PEM_TYPE, TEXT_TYPE]
const text = z.string().describe('PEM')

/** Nothing here talks to an upstream or is kept. */
export const inspectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/v1/certificates/inspect',
    operationId: 'inspectCertificates',
    summary: 'Judge certificates as an upload would be',
    description:
      'Asks no upstream and keeps nothing. A private key is judged and left out: it is in no answer, `normalizedPem` included; a server’s certificate may be judged without one.',
    tag: 'Certificates',
    scope: 'certificates:read',
    query: z.object({ purpose: uploadedPurpose.optional().describe('With a PEM body only') }),
    body: { [JSON_TYPE]: inspectBody, [PEM_TYPE]: text, [TEXT_TYPE]: text },
    responses: {
      200: { description: 'What was found', content: { [JSON_TYPE]: inspectionSchema } },
    },
    async handle({ request, services, query }) {
      const asked = await submittedBundle(request, query)
      const { at: given, ...bundle } = asked
      const at = given === undefined ? services.clock.now() : Date.parse(given)
      const inspected = await inspectBundle(services, {
        ...bundle,
        at,
        // Where the key stands apart, it cannot come back in the text.
        rules: { needsPrivateKey: false, keyPlace: 'apart' },
      })
      return jsonResponse(200, {
        verdict: inspected.verdict,
        findings: inspected.findings.map(showFinding),
        certificates: inspected.certificates.map((each) => showDescribed(each, at)),
        normalizedPem: inspected.normalizedPem,
      } satisfies z.infer<typeof inspectionSchema>)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/v1/public-keys/inspect',
    operationId: 'inspectPublicKey',
    summary: 'Judge a public key as a publish would',
    description:
      'Asks no upstream and keeps nothing. What would be mended is told; a private key fails, and is in no answer.',
    tag: 'Encryption keys',
    scope: 'keys:read',
    body: { [JSON_TYPE]: inspectKeyBody, [PEM_TYPE]: text, [TEXT_TYPE]: text },
    responses: {
      200: { description: 'What was found', content: { [JSON_TYPE]: keyInspectionSchema } },
    },
    async handle({ request, timings }) {
      const type = requireMediaType(request, TYPES)
      const sent = decodeText(await readBody(request))
      const isJson = type === JSON_TYPE
      const publicKey = isJson ? parseWith(inspectKeyBody, parseJson(sent), 'key').publicKey : sent
      return jsonResponse(200, await timings.measure('crypto', () => inspectKey(publicKey)))
    },
  }),
]

async function submittedBundle(
  request: Request,
  query: { readonly purpose?: z.infer<typeof uploadedPurpose> | undefined },
): Promise<z.output<typeof inspectBody>> {
  if (requireMediaType(request, TYPES) !== JSON_TYPE) {
    const pem = decodeText(await readBody(request, PEM_LIMIT_BYTES))
    return { pem, purpose: query.purpose ?? 'server' }
  }
  const asked = parseWith(inspectBody, parseJson(decodeText(await readBody(request))), 'bundle')
  parseWith(noQuery, query, 'query beside JSON')
  requireSmall('bundle', asked.pem, asked.privateKey)
  return asked
}
