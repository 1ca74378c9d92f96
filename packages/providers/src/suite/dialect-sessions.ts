import {
  type Dialect,
  type DialectCall,
  type IssuedSession,
  SECOND,
  type Session,
  type SessionProtocol,
} from '@latchkey/core'
import { expect, test } from 'vitest'
import { AT, SESSION } from './bind.ts'
import { type DialectWorld, isTakenIn, receivedFrom, sentBy } from './dialect-world.ts'
import { createGenerator, type Generator } from './generate.ts'

const SEED = 20_261_122
const ROUNDS = 20
const RENEWAL = 'lks_0123456789ab_lk_R'

/** A client's login, and what it does with its session, comes to ours. */
export function testDialectSessions(world: DialectWorld): void {
  const { connection, dialect } = world
  const { session } = connection

  test('a dialect has sessions exactly where the client opens them', () => {
    expect(dialect.sessions !== undefined).toBe(session !== undefined)
  })

  if (session === undefined) return
  testOpen(world, session)
  if (session.renew !== undefined) testRenew(world, session.renew)
  if (session.close !== undefined) testClose(world, session.close)
}

function testOpen(world: DialectWorld, { open, renew }: SessionProtocol): void {
  const { dialect, fixtures } = world

  test('a login is one, and lasts as long as it was given', async () => {
    const generate = createGenerator(SEED, [''])
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = await sentBy(open, {})
      expect(await isTakenIn(world, request)).toBe(true)
      const call = await dialect.read(request)
      if (call.session !== 'open') throw misread(call)
      expect(Object.values(fixtures.credentials)).toContain(call.token)
      const issued = randomSession(generate, dialect)
      const opened = await open.respond(
        receivedFrom(world, request, () => call.answer(issued)),
        {},
      )
      expectSession(opened, issued)
      if (renew !== undefined) expect(opened.renewal).toBe(issued.renewal)
    }
  })
}

function testRenew(world: DialectWorld, renew: NonNullable<SessionProtocol['renew']>): void {
  test('a renewal is one, and lasts as long as it was given', async () => {
    const input = { renewal: RENEWAL }
    const request = await sentBy(renew, input)
    expect(await isTakenIn(world, request)).toBe(true)
    const call = await world.dialect.read(request)
    if (call.session !== 'renew') throw misread(call)
    expect(call.renewal).toBe(RENEWAL)
    const issued = randomSession(createGenerator(SEED, ['']), world.dialect)
    const response = receivedFrom(world, request, () => call.answer(issued))
    const renewed = await renew.respond(response, input)
    expectSession(renewed, issued)
    expect(renewed.renewal).toBe(issued.renewal)
  })
}

function testClose(world: DialectWorld, close: NonNullable<SessionProtocol['close']>): void {
  test('a session that is given back is closed', async () => {
    const request = await sentBy(close, {})
    const call = await world.dialect.read(request)
    if (call.session !== 'close') throw misread(call)
    expect(await world.dialect.secretOf(request)).toMatchObject({ token: SESSION })
    const response = receivedFrom(world, request, () => call.answer())
    expect(await close.respond(response, {})).toEqual({})
  })
}

/** Whole seconds are all that the formats have: never more than was given. */
function expectSession({ secret, expiresAt }: Session, issued: IssuedSession): void {
  expect(secret).toBe(issued.access)
  expect(expiresAt).toBeGreaterThan(issued.accessUntil - SECOND)
  expect(expiresAt).toBeLessThanOrEqual(issued.accessUntil)
}

function randomSession(generate: Generator, { sessions }: Dialect): IssuedSession {
  const { accessMs, renewalMs } = sessions ?? { accessMs: 0, renewalMs: 0 }
  const letter = generate.pick(['a', 'Z', '0', '-', '_'])
  return {
    access: `lks_0123456789ab_lk_${letter.repeat(43)}`,
    accessUntil: AT + SECOND + generate.below(accessMs - SECOND),
    renewal: `lks_0123456789ab_lk_${letter.repeat(42)}R`,
    renewalUntil: AT + renewalMs,
  }
}

function misread(call: DialectCall): Error {
  return new Error(`Cannot test session: it was read as ${call.session ?? call.operation}`)
}
