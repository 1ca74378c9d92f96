import { Hono } from 'hono'
import type { Emulator, Surroundings } from '../shared/emulator.ts'
import { readFields } from '../shared/fields.ts'
import { createSlot } from '../shared/key-slot.ts'
import { metaOf, type Deployment, type OnPremEnv } from './deployment.ts'
import { readEncryption, writeEncryption } from './encryption.ts'
import { isOnPremCode, OnPremError, onPremErrorResponse, unauthenticated } from './errors.ts'
import { onPremKnobs, type OnPremKnobs } from './knobs.ts'
import type { OnPremSeed } from './seed.ts'
import { createSessions } from './sessions.ts'
import { logIn, logOut } from './users.ts'

/** Emulates a WhatsApp On-Premises client's Webapp: logins, health, and the business public key. */
export function createOnPrem(seed: OnPremSeed, surroundings: Surroundings): Emulator<OnPremKnobs> {
  const knobs = onPremKnobs()
  const deployment: Deployment = {
    seed,
    users: new Map(seed.users.map((user) => [user.name, user])),
    sessions: createSessions(),
    slot: createSlot(seed.registered, seed.key ?? null),
    knobs,
    surroundings,
  }
  let requests = 0

  const app = new Hono<OnPremEnv>().basePath(surroundings.prefix)
  app.use(async (c, next) => {
    const body = new Uint8Array(await c.req.arrayBuffer())
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
