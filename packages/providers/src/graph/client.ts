import type { Exchange, OperationShapes, Operations } from '@latchkey/core'
import { hmacSha256, toHex } from '@latchkey/crypto'
import { FORM_TYPE, formBody, wirePem } from '../shared/form.ts'
import { unexpectedAnswer } from '../shared/http-status.ts'
import { keyReading, tellsOfKey, UNSET } from '../shared/key-reading.ts'
import type { Call } from '../shared/verdict.ts'
import { successJson, unsuccessful } from './faults.ts'
import { nextCursor, numberLabel, PAGE_SIZE } from './numbers.ts'
import {
  type GraphConfig,
  type GraphCredentials,
  keyAnswer,
  nodeAnswer,
  numbersAnswer,
  writeAnswer,
} from './schema.ts'

/** The last path segment of both key operations (page "WhatsApp Business Encryption"). */
export const ENCRYPTION_EDGE = 'whatsapp_business_encryption'

type Publish = OperationShapes['encryptionKey.publish']
type Read = OperationShapes['encryptionKey.read']
type List = OperationShapes['numbers.list']
type Check = OperationShapes['connection.check']
type Parameters = readonly (readonly [name: string, value: string])[]

interface Context {
  readonly version: string
  readonly bearer: { readonly Authorization: string }
  /** What goes along with every call: the proof that the caller knows the app secret, where there is one. */
  readonly proof: () => Promise<Parameters>
  readonly call: (action: string, writes?: 'writes') => Call
}

/** Graph's side of each operation; `numbers.list` only where the connection names an account to list. */
export function graphOperations(config: GraphConfig, credentials: GraphCredentials): Operations {
  const context = contextOf(config, credentials)
  return {
    'encryptionKey.publish': publish(context),
    'encryptionKey.read': read(context),
    ...(config.wabaId === undefined ? {} : { 'numbers.list': list(context, config.wabaId) }),
    'connection.check': check(context, config.wabaId),
  }
}

function contextOf(config: GraphConfig, credentials: GraphCredentials): Context {
  const { accessToken, appSecret } = credentials
  let proof: Parameters | null = null
  const secrets = Object.values(credentials).filter((secret) => secret !== undefined)
  return {
    version: config.version,
    bearer: { Authorization: `Bearer ${accessToken}` },
    proof: async () => (proof ??= await prove(appSecret, accessToken)),
    call: (action, writes) => ({ action, writes: writes === 'writes', secrets }),
  }
}

/** "Secure Graph API calls": lower-case hex of HMAC-SHA-256 over the token, keyed with the app secret. */
async function prove(appSecret: string | undefined, accessToken: string): Promise<Parameters> {
  if (appSecret === undefined) return []
  return [['appsecret_proof', toHex(await hmacSha256(appSecret, accessToken))]]
}

function publish({
  version,
  bearer,
  proof,
  call,
}: Context): Exchange<Publish['input'], Publish['output']> {
  const about = call('publish encryption key', 'writes')
  return {
    repeatable: false,
    request: async ({ upstreamId, publicKey }) => ({
      method: 'POST',
      path: [version, upstreamId, ENCRYPTION_EDGE],
      headers: { ...bearer, 'Content-Type': FORM_TYPE },
      body: formBody([['business_public_key', wirePem(publicKey)], ...(await proof())]),
    }),
    respond(response) {
      const answer = writeAnswer.safeParse(successJson(about, response))
      if (!answer.success) throw unexpectedAnswer(about, response)
      if (String(answer.data.success) !== 'true') throw unsuccessful(about, response)
      return {}
    },
  }
}

function read({ version, bearer, proof, call }: Context): Exchange<Read['input'], Read['output']> {
  const about = call('read encryption key')
  return {
    repeatable: true,
    request: async ({ upstreamId }) => ({
      method: 'GET',
      path: [version, upstreamId, ENCRYPTION_EDGE],
      query: await proof(),
      headers: bearer,
    }),
    respond(response) {
      const answer = keyAnswer.safeParse(successJson(about, response))
      if (!answer.success) throw unexpectedAnswer(about, response)
      const [told, ...others] = answer.data
      if (told === undefined) return UNSET
      // Which of several keys is in use, nobody says.
      if (others.length > 0 || !tellsOfKey(told)) throw unexpectedAnswer(about, response)
      return keyReading(told)
    },
  }
}

function list(
  { version, bearer, proof, call }: Context,
  wabaId: string,
): Exchange<List['input'], List['output']> {
  const about = call('list numbers')
  return {
    repeatable: true,
    request: async ({ cursor }) => ({
      method: 'GET',
      path: [version, wabaId, 'phone_numbers'],
      query: [
        ['fields', 'id,display_phone_number,verified_name'],
        ['limit', String(PAGE_SIZE)],
        ...(cursor === null ? [] : [['after', cursor] as const]),
        ...(await proof()),
      ],
      headers: bearer,
    }),
    respond(response, { cursor }) {
      const answer = numbersAnswer.safeParse(successJson(about, response))
      const next = answer.success ? nextCursor(answer.data, cursor) : undefined
      if (!answer.success || next === undefined) throw unexpectedAnswer(about, response)
      const numbers = answer.data.data.map((each) => ({
        upstreamId: each.id,
        label: numberLabel(each),
      }))
      return { numbers, nextCursor: next }
    },
  }
}

function check(
  { version, bearer, proof, call }: Context,
  wabaId: string | undefined,
): Exchange<Check['input'], Check['output']> {
  const about = call('check connection')
  return {
    repeatable: true,
    request: async () => ({
      method: 'GET',
      path: [version, wabaId ?? 'me'],
      query: [['fields', 'id'], ...(await proof())],
      headers: bearer,
    }),
    respond(response) {
      if (nodeAnswer.safeParse(successJson(about, response)).success) return {}
      throw unexpectedAnswer(about, response)
    },
  }
}
