import { Hono } from 'hono'
import { bodyOf } from '../shared/body.ts'
import type { Emulator, Surroundings } from '../shared/emulator.ts'
import { readFields, type RequestFields } from '../shared/fields.ts'
import { createSlot, writeKey, type KeySlot } from '../shared/key-slot.ts'
import { findKeyProblem } from '../shared/rsa-key.ts'
import { envelopeResponse, FAILURES, succeed, type Envelope } from './envelope.ts'
import { kaleyraKnobs, type KaleyraKnobs } from './knobs.ts'
import type { KaleyraAccount, KaleyraSeed } from './seed.ts'

const KEY = 'business_public_key'
const STATUS = 'business_public_key_signature_status'
const PATH = '/v2/:sid/whatsapp/:phone/flows_encryption'

/** Emulates Kaleyra's `flows_encryption`: a write that no documented read can confirm. */
export function createKaleyra(
  seed: KaleyraSeed,
  surroundings: Surroundings,
): Emulator<KaleyraKnobs> {
  const knobs = kaleyraKnobs()
  const accounts = new Map(seed.accounts.map((account) => [account.sid, account]))
  const slots = new Map(
    seed.accounts.flatMap((account) =>
      account.numbers.map((each): [string, KeySlot] => [
        each.phone,
        createSlot(each.registered, each.key ?? null),
      ]),
    ),
  )
  let apiKeysDead = false
  const answer = (envelope: Envelope) => envelopeResponse(envelope, knobs.current)

  /** The slot that a call may touch, or the envelope that refuses it. */
  const find = (sid: string, apiKey: string | undefined, phone: string): KeySlot | Envelope => {
    const account = accounts.get(sid)
    if (account === undefined || account.apiKey !== apiKey || apiKeysDead) return FAILURES.RBC001
    if (!account.available) return FAILURES['WA-401']
    const slot = ownedSlot(account, phone, slots)
    return slot?.registered === true ? slot : FAILURES['WA-400']
  }

  const app = new Hono().basePath(surroundings.prefix)
  app.get(PATH, (c) => {
    if (knobs.current.get === 'not-allowed')
      return new Response(null, { status: 405, headers: { allow: 'POST' } })
    const slot = find(c.req.param('sid'), c.req.header('api-key'), c.req.param('phone'))
    return answer('status' in slot ? slot : showKey(slot))
  })
  app.post(PATH, async (c) => {
    const slot = find(c.req.param('sid'), c.req.header('api-key'), c.req.param('phone'))
    const body = await bodyOf(c.req.raw)
    const fields = await readFields(c.req.header('content-type'), body)
    const empty = isEmptyPost(fields)
    if (empty) surroundings.report('empty-post', c.req.path)
    if ('status' in slot) return answer(slot)
    if (empty) return answer(takeEmptyPost(slot, knobs.current.emptyPost))
    const pem = fields.encoding === 'form' ? fields.values.get(KEY) : undefined
    if (pem === undefined || findKeyProblem(pem) !== null) return answer(FAILURES['WA-400'])
    writeKey(slot, pem, surroundings.clock.now(), 0)
    return answer(succeed({ success: true }))
  })
  app.all(PATH, () => new Response(null, { status: 405, headers: { allow: 'POST' } }))
  app.notFound(() => new Response(null, { status: 404 }))

  return {
    app,
    numbers: slots,
    knobs,
    expireTokens() {
      apiKeysDead = true
    },
    details: () => null,
    fail(code) {
      const failure = Object.values(FAILURES).find((each) => each.code === code)
      return failure === undefined ? null : answer(failure)
    },
  }
}

function ownedSlot(
  account: KaleyraAccount,
  phone: string,
  slots: ReadonlyMap<string, KeySlot>,
): KeySlot | undefined {
  return account.numbers.some((each) => each.phone === phone) ? slots.get(phone) : undefined
}

function isEmptyPost({ encoding, values }: RequestFields): boolean {
  return encoding === 'none' || (encoding === 'form' && (values.get(KEY) ?? '').trim() === '')
}

function takeEmptyPost(slot: KeySlot, knob: 'read' | 'refuse' | 'erase'): Envelope {
  if (knob === 'refuse') return FAILURES['WA-400']
  if (knob === 'read') return showKey(slot)
  slot.key = null
  slot.writes += 1
  return succeed({ success: true })
}

function showKey(slot: KeySlot): Envelope {
  return succeed(slot.key === null ? {} : { [KEY]: slot.key.pem, [STATUS]: slot.key.status })
}
