import type { Context } from 'hono'
import { takeFile } from './add.ts'
import { applyStatusOf, startApplication, type Certificate } from './certificate.ts'
import { dnsOf, requiredDns } from './dns.ts'
import { invalidParameter, PbxError } from './errors.ts'
import { flagOf, readJson, requiredCount, requiredText, textOf, type Body } from './parameters.ts'
import { checkName, findById, findByName, nowOf, OWN_CERTIFICATE, taken, type Pbx } from './pbx.ts'

/** POST certificate/update: replaces the file or the domain, and turns the renewal. */
export async function updateCertificate(pbx: Pbx, c: Context): Promise<Response> {
  const body = readJson(new Uint8Array(await c.req.arrayBuffer()))
  const id = body.id === undefined ? undefined : JSON.stringify(body.id)
  const certificate = findById(pbx, requiredCount(id, 'id'))
  if (certificate.type !== 'server') throw invalidParameter('id', 'range')
  if (certificate.content.by === 'upload') updateImported(pbx, certificate, body)
  else updateApplied(pbx, certificate, body)
  return taken(pbx)
}

/** GET certificate/delete. */
export function deleteCertificate(pbx: Pbx, c: Context): Response {
  const certificate = findById(pbx, requiredCount(c.req.query('id'), 'id'))
  if (certificate.name === pbx.state.httpsCertificate) throw new PbxError(70091)
  pbx.certificates.delete(certificate.id)
  return taken(pbx, { reboot: 1, apply: 1 })
}

/** POST webserver/update: the certificate that the PBX itself serves. */
export async function updateWebServer(pbx: Pbx, c: Context): Promise<Response> {
  const body = readJson(new Uint8Array(await c.req.arrayBuffer()))
  const name = requiredText(body, 'https_cert')
  if (name !== OWN_CERTIFICATE) checkServable(pbx, name)
  pbx.state.httpsCertificate = name
  return taken(pbx)
}

function updateImported(pbx: Pbx, certificate: Certificate, body: Body): void {
  const autoRenewal = flagOf(body, 'auto_renewal') ?? certificate.autoRenewal
  const turnedOn = autoRenewal && !certificate.autoRenewal
  const dns = (turnedOn ? requiredDns(body) : dnsOf(body)) ?? certificate.dns
  const name = textOf(body, 'name')
  if (name !== undefined && name !== certificate.name) {
    checkName(pbx, name, certificate)
    Object.assign(certificate, takeFile(pbx, name, certificate.type))
    pbx.uploads.remove(name)
    rename(pbx, certificate, name)
  }
  Object.assign(certificate, { autoRenewal, dns })
}

function updateApplied(pbx: Pbx, certificate: Certificate, body: Body): void {
  certificate.dns = dnsOf(body) ?? certificate.dns
  const issueTo = textOf(body, 'issue_to')
  if (issueTo === undefined || issueTo === certificate.issueTo) return
  certificate.issueTo = issueTo
  certificate.content = startApplication(nowOf(pbx), pbx.knobs.current)
}

function rename(pbx: Pbx, certificate: Certificate, name: string): void {
  if (pbx.state.httpsCertificate === certificate.name) pbx.state.httpsCertificate = name
  certificate.name = name
}

function checkServable(pbx: Pbx, name: string): void {
  const certificate = findByName(pbx, name)
  if (certificate === undefined) throw new PbxError(60001)
  const issued = applyStatusOf(certificate, nowOf(pbx)) === 'issuance_success'
  if (certificate.type !== 'server' || !issued) throw invalidParameter('https_cert', 'range')
}
