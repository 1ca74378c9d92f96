import type { Application, Upload } from '@latchkey/core'
import * as z from 'zod'
import {
  decodeText,
  parseJson,
  parseWith,
  readBody,
  requireMediaType,
  tooLarge,
} from '../http/body.ts'
import { JSON_TYPE } from '../http/json.ts'
import {
  certificateName,
  NEW_CERTIFICATE,
  sourceBody,
  uploadedPurpose,
} from '../schemas/new-certificate.ts'
import { PEM_TYPE } from './key-representation.ts'

/** As much as the pre-flight reads: ten long chains with their keys. */
export const PEM_LIMIT_BYTES = 256 * 1024

/** What an upload says in its query, where the body is the PEM itself. */
export const pemQuery = z.object({
  purpose: uploadedPurpose.optional().describe('With a PEM body only, and then required'),
  name: certificateName.optional().describe('With a PEM body only'),
  activate: z.enum(['true', 'false']).optional().describe('With a PEM body only'),
  force: z.enum(['true', 'false']).optional().describe('With a PEM body only'),
})

const requiredPurpose = z.object({ purpose: uploadedPurpose })

/** With JSON, everything is in the body. */
export const noQuery = z.strictObject({})

type Query = z.output<typeof pemQuery>

export type Submitted =
  | ({ readonly type: 'upload' } & Omit<Upload, 'connectionId'>)
  | ({ readonly type: 'apply' } & Omit<Application, 'connectionId'>)

export interface SubmittedCertificate {
  readonly body: Uint8Array<ArrayBuffer>
  readonly submitted: Submitted
}

/**
 * Reads the certificate that is asked for, in whichever form it was sent.
 * @throws Fault unsupported_media_type, payload_too_large, invalid_request
 */
export async function submittedCertificate(
  request: Request,
  query: Query,
): Promise<SubmittedCertificate> {
  const type = requireMediaType(request, [JSON_TYPE, PEM_TYPE])
  if (type === PEM_TYPE) {
    const body = await readBody(request, PEM_LIMIT_BYTES)
    return { body, submitted: fromPem(decodeText(body), query) }
  }
  const body = await readBody(request)
  const submitted = fromJson(parseJson(decodeText(body)))
  parseWith(noQuery, query, 'query beside JSON')
  return { body, submitted }
}

function fromPem(pem: string, query: Query): Submitted {
  const { purpose } = parseWith(requiredPurpose, query, 'query')
  return {
    type: 'upload',
    purpose,
    name: query.name ?? null,
    source: { pem },
    autoRenewal: null,
    activate: query.activate === 'true',
    force: query.force === 'true',
  }
}

function fromJson(json: unknown): Submitted {
  const { source } = parseWith(sourceBody, json, 'certificate')
  if (source.type === 'apply') {
    const asked = parseWith(NEW_CERTIFICATE.apply, json, 'certificate')
    const { type, ...application } = asked.source
    return { type, purpose: asked.purpose, activate: asked.activate, ...application }
  }
  const asked = parseWith(NEW_CERTIFICATE.upload, json, 'certificate')
  const { type, ...files } = asked.source
  requireSmall('certificate', files.pem, files.privateKey)
  return {
    type,
    purpose: asked.purpose,
    name: asked.name ?? null,
    source: files,
    autoRenewal: asked.autoRenewal ?? null,
    activate: asked.activate,
    force: asked.force,
  }
}

/** @throws Fault payload_too_large */
export function requireSmall(what: string, ...texts: readonly (string | undefined)[]): void {
  const size = texts.reduce((sum, text = '') => sum + text.length, 0)
  if (size > PEM_LIMIT_BYTES) throw tooLarge(what, PEM_LIMIT_BYTES)
}
