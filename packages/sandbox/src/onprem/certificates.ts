import { isCertificate, pemBlocks } from '../shared/pem.ts'
import { caCertificates, isAcceptedBundle } from './bundle.ts'
import type { Deployment, OnPremContext } from './deployment.ts'
import { OnPremError } from './errors.ts'

/** POST certificates/external: takes the web server's key and certificates for its next start. */
export function uploadExternal(deployment: Deployment, c: OnPremContext): Response {
  checkAdmin(c)
  const pem = readPem(c)
  if (!isAcceptedBundle(pem)) throw refuseUpload(deployment, 'No intermediate CA certificate found')
  deployment.webServer.upload(pem, deployment.surroundings.clock.now())
  return c.json(null)
}

/** GET certificates/external/ca: what the `certs` table holds beside the leaf. */
export function readExternalCa(deployment: Deployment): Response {
  const { stored } = deployment.webServer
  const { externalCa } = deployment.knobs.current
  if (stored === null || (stored.origin === 'generated' && externalCa === 'none'))
    return new Response(null, { status: 404 })
  return pemResponse(caCertificates(stored.pem), {
    'content-disposition': 'attachment; filename="ca.pem"',
    'last-modified': new Date(stored.since).toUTCString(),
  })
}

/** GET certificates/webhooks/ca. */
export function readWebhookCa(deployment: Deployment, c: OnPremContext): Response {
  checkAdmin(c)
  const { stored } = deployment.webServer.webhookCa
  return stored === null ? missingWebhookCa(deployment) : pemResponse(stored)
}

/** POST certificates/webhooks/ca: one certificate or several, for the next start of the Coreapp. */
export function writeWebhookCa(deployment: Deployment, c: OnPremContext): Response {
  checkAdmin(c)
  const pem = readPem(c)
  if (!pemBlocks(pem).some(isCertificate)) throw refuseUpload(deployment, 'No certificate found')
  deployment.webServer.setWebhookCa(pem)
  return emptyAnswer(deployment, c)
}

/** DELETE certificates/webhooks/ca. */
export function deleteWebhookCa(deployment: Deployment, c: OnPremContext): Response {
  checkAdmin(c)
  if (deployment.webServer.webhookCa.stored === null) return missingWebhookCa(deployment)
  deployment.webServer.setWebhookCa(null)
  return emptyAnswer(deployment, c)
}

function checkAdmin(c: OnPremContext): void {
  if (c.var.session.user.role !== 'ROLE_ADMIN') throw new OnPremError(1005, 'Admin role required')
}

function readPem(c: OnPremContext): string {
  const { encoding, text } = c.var.fields
  if (encoding === 'none') throw new OnPremError(1008, 'The body must hold the certificate')
  if (text === null) throw new OnPremError(1025, 'Content-Type must be text/plain')
  return text
}

function refuseUpload({ knobs }: Deployment, details: string): OnPremError {
  return new OnPremError(knobs.current.badUploadCode, details)
}

function missingWebhookCa({ knobs }: Deployment): Response {
  if (knobs.current.missingWebhookCa === 'empty') return new Response(null, { status: 404 })
  throw new OnPremError(1006, 'No webhook CA certificates found')
}

function emptyAnswer({ knobs }: Deployment, c: OnPremContext): Response {
  return c.json(knobs.current.webhookCaAnswer === 'null' ? null : {})
}

function pemResponse(pem: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(pem, { headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers } })
}
