import { Hono } from 'hono'
import { bodyOf } from '../shared/body.ts'
import type { Emulator, Surroundings } from '../shared/emulator.ts'
import { readFields } from '../shared/fields.ts'
import { createSlot } from '../shared/key-slot.ts'
import {
  deleteWebhookCa,
  readExternalCa,
  readWebhookCa,
  uploadExternal,
  writeWebhookCa,
} from './certificates.ts'
import { metaOf, type Deployment, type OnPremEnv } from './deployment.ts'
import { readEncryption, writeEncryption } from './encryption.ts'
import { isOnPremCode, OnPremError, onPremErrorResponse, unauthenticated } from './errors.ts'
import { onPremKnobs, type OnPremKnobs } from './knobs.ts'
import type { OnPremSeed } from './seed.ts'
import { createSessions } from './sessions.ts'
import { logIn, logOut } from './users.ts'
import { createWebServer, type OnPremDetails } from './web-server.ts'

export interface OnPremEmulator extends Emulator<OnPremKnobs, OnPremDetails> {
  restart(containers: Containers): void
  dropCertsTable(): void
}

/** `webapp` serves the API and its certificate, `coreapp` calls the webhook. */
export type Containers = 'webapp' | 'coreapp'

/** Emulates a WhatsApp On-Premises client's Webapp: logins, health, the business public key, certificates. */
export function createOnPrem(seed: OnPremSeed, surroundings: Surroundings): OnPremEmulator {
  const knobs = onPremKnobs()
  const deployment: Deployment = {
    seed,
    users: new Map(seed.users.map((user) => [user.name, user])),
    sessions: createSessions(),
    slot: createSlot(seed.registered, seed.key ?? null),
    webServer: createWebServer(surroundings.clock.now()),
    knobs,
    surroundings,
  }
  let requests = 0

  const app = new Hono<OnPremEnv>().basePath(surroundings.prefix)
  app.use(async (c, next) => {
    const body = await bodyOf(c.req.raw)
    c.set('fields', await readFields(c.req.header('content-type'), body))
    await next()
    c.header('server', 'Server')
    c.header('cache-control', 'no-cache, private')
    c.header('x-request-id', `sandbox-${(requests += 1)}`)
  })
  app.post('/v1/users/login', (c) => logIn(deployment, c))
  app.use('/v1/*', async (c, next) => {
    const token = c.req.header('authorization')?.match(/^Bearer +(\S+)$/i)?.[1]
    const session = deployment.sessions.find(token ?? '', surroundings.clock.now())
    if (session === null) throw unauthenticated('Invalid or expired token')
    c.set('session', session)
    await next()
  })
  app.post('/v1/users/logout', (c) => logOut(deployment, c))
  app.get('/v1/health', (c) =>
    c.json({ health: { gateway_status: gatewayStatus(deployment) }, meta: metaOf(deployment) }),
  )
  app.get('/v1/settings/business/whatsapp_business_encryption', (c) =>
    readEncryption(deployment, c),
  )
  app.post('/v1/settings/business/whatsapp_business_encryption', (c) =>
    writeEncryption(deployment, c),
  )
  app.post('/v1/certificates/external', (c) => uploadExternal(deployment, c))
  app.get('/v1/certificates/external/ca', () => readExternalCa(deployment))
  app.get('/v1/certificates/webhooks/ca', (c) => readWebhookCa(deployment, c))
  app.post('/v1/certificates/webhooks/ca', (c) => writeWebhookCa(deployment, c))
  app.delete('/v1/certificates/webhooks/ca', (c) => deleteWebhookCa(deployment, c))
  app.notFound((c) =>
    onPremErrorResponse(new OnPremError(1006, `Unknown path ${c.req.path}`), metaOf(deployment)),
  )
  app.onError((error) => {
    if (error instanceof OnPremError) return onPremErrorResponse(error, metaOf(deployment))
    throw error
  })

  return {
    app,
    numbers: new Map([[seed.phoneNumber, deployment.slot]]),
    knobs,
    expireTokens: () => deployment.sessions.closeAll(),
    details: () => deployment.webServer.details(),
    isDown: () => deployment.webServer.isDown,
    takesPrivateKey: ({ method, path }) =>
      method === 'POST' && path === '/v1/certificates/external',
    restart(containers) {
      if (containers === 'coreapp') deployment.webServer.restartCoreapp()
      else deployment.webServer.restartWebapp(surroundings.clock.now(), knobs.current)
    },
    dropCertsTable: () => deployment.webServer.dropTable(),
    fail(code) {
      const number = Number(code)
      if (!isOnPremCode(number)) return null
      return onPremErrorResponse(new OnPremError(number), metaOf(deployment))
    },
  }
}

function gatewayStatus(deployment: Deployment): string {
  return deployment.slot.registered ? 'connected' : 'unregistered'
}
