import type { Context } from 'hono'
import { applyStatusOf, startApplication, type Certificate, type Imported } from './certificate.ts'
import { CERTIFICATE_TYPES, readCertificateFile, type CertificateType } from './certificate-file.ts'
import { dnsOf, requiredDns } from './dns.ts'
import { invalidParameter, pbxAnswer, PbxError } from './errors.ts'
import { choiceOf, flagOf, readJson, requiredText, type Body } from './parameters.ts'
import { addCertificate, checkRoom, nowOf, taken, type Pbx } from './pbx.ts'

/** The limit is nowhere told; no honest chain with its key is as long. */
const MAX_FILE_BYTES = 1024 * 1024

/** POST certificate/upload: keeps a file for a while, without a look into it. */
export async function uploadFile(pbx: Pbx, c: Context): Promise<Response> {
  const form = await readForm(c)
  const given = form.get('type')
  const type = choiceOf(typeof given === 'string' ? given : undefined, 'type', CERTIFICATE_TYPES)
  if (type === undefined) throw invalidParameter('type', 'required')
  const file = form.get('file')
  if (!(file instanceof File) || file.size === 0) throw invalidParameter('file', 'required')
  if (file.size > MAX_FILE_BYTES) throw new PbxError(40004)
  const sent = { type, bytes: new Uint8Array(await file.arrayBuffer()), at: nowOf(pbx) }
  const name = pbx.uploads.add(sent, file.name, pbx.knobs.current.uploadNames)
  return pbxAnswer(0, { file: name })
}

/** POST certificate/create: of a file that was uploaded, or by an application to a CA. */
export async function createCertificate(pbx: Pbx, c: Context): Promise<Response> {
  const body = readJson(new Uint8Array(await c.req.arrayBuffer()))
  const type = choiceOf(requiredText(body, 'type'), 'type', CERTIFICATE_TYPES) ?? 'trusted'
  const source = type === 'trusted' ? 'upload' : requiredText(body, 'ca_type')
  const by = choiceOf(source, 'ca_type', ['upload', 'apply'])
  const certificate = by === 'apply' ? apply(pbx, body) : importFile(pbx, body, type)
  return taken(pbx, {
    name: certificate.name,
    apply_status: applyStatusOf(certificate, nowOf(pbx)),
  })
}

/** What becomes of a temporary file. @throws PbxError 40002 for one that is not there or not fit */
export function takeFile(
  pbx: Pbx,
  name: string,
  type: CertificateType,
): { readonly content: Imported; readonly issueTo: string } {
  const upload = pbx.uploads.find(name, nowOf(pbx))
  if (upload === undefined || upload.type !== type) throw invalidParameter('name', 'not_exist')
  const needsKey = pbx.knobs.current.serverFile === 'with-key'
  const file = readCertificateFile(upload.bytes, type, needsKey)
  if (file === null) throw invalidParameter('name', 'certificate')
  const { expiresAt, fingerprint, issueTo } = file
  return { content: { by: 'upload', expiresAt, fingerprint }, issueTo }
}

function importFile(pbx: Pbx, body: Body, type: CertificateType): Certificate {
  const name = requiredText(body, 'name')
  const autoRenewal = type === 'server' && flagOf(body, 'auto_renewal') === true
  const dns = type === 'trusted' ? undefined : autoRenewal ? requiredDns(body) : dnsOf(body)
  checkRoom(pbx, type, name)
  const file = takeFile(pbx, name, type)
  const certificate = addCertificate(pbx, { type, name, autoRenewal, dns: dns ?? null, ...file })
  pbx.uploads.remove(name)
  return certificate
}

function apply(pbx: Pbx, body: Body): Certificate {
  const issueTo = requiredText(body, 'issue_to')
  const dns = requiredDns(body)
  const name = `${issueTo}.pem`
  checkRoom(pbx, 'server', name)
  return addCertificate(pbx, {
    type: 'server',
    name,
    issueTo,
    autoRenewal: true,
    dns,
    content: startApplication(nowOf(pbx), pbx.knobs.current),
  })
}

async function readForm(c: Context): Promise<FormData> {
  try {
    return await c.req.raw.formData()
  } catch {
    throw new PbxError(40001)
  }
}
