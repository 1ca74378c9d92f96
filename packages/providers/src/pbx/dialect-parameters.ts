import {
  type DialectRequest,
  type DnsAccess,
  type DnsParameters,
  Fault,
  isFault,
} from '@latchkey/core'
import { jsonObjectOf } from '../shared/dialect-body.ts'

type Body = Readonly<Record<string, unknown>>

/** PARAMETER SYNTAX ERROR (page "Error code and error message"). */
const SYNTAX_ERROR = '40001'

/** A body that cannot be parsed, for which a PBX has a code of its own. */
export function unreadableBody(message: string): Fault {
  const upstream = { provider: 'pbx', status: null, code: SYNTAX_ERROR }
  return new Fault('invalid_request', message, { upstream })
}

/** A body that is a JSON object, whatever type it says it has. @throws Fault invalid_request */
export function bodyOf(request: DialectRequest): Body {
  try {
    return jsonObjectOf(request)
  } catch (error) {
    throw isFault(error) ? unreadableBody(error.message) : error
  }
}

/** A parameter that is wrong, in the words that a PBX has for it. */
export function wrongParameter(field: string, message: string): Fault {
  return new Fault('invalid_request', `Cannot take parameter ${field}: ${message}`, {
    errors: [{ pointer: `/${field}`, message }],
  })
}

/** @throws Fault invalid_request */
export function textOf(body: Body, field: string): string {
  const value = body[field]
  if (typeof value === 'string' && value !== '') return value
  throw wrongParameter(field, 'it must be text')
}

/** @throws Fault invalid_request */
export function optionalText(body: Body, field: string): string | null {
  return body[field] === undefined || body[field] === '' ? null : textOf(body, field)
}

/** A parameter of the query; null where it is not there. @throws Fault invalid_request where it is there twice */
export function queryOf({ query }: DialectRequest, field: string): string | null {
  const values = query.filter(([name]) => name === field).map(([, value]) => value)
  if (values.length > 1) throw wrongParameter(field, 'it is there twice')
  return values[0] ?? null
}

const COUNT = /^\d{1,9}$/

/** A number of something, from 1. @throws Fault invalid_request */
export function countOf(text: string | number | null, field: string): number {
  const number = COUNT.test(String(text)) ? Number(text) : 0
  if (number >= 1) return number
  throw wrongParameter(field, 'it must be a whole number from 1')
}

/** One of a few words; null where it is not there. @throws Fault invalid_request */
export function choiceOf<const Choice extends string>(
  text: string | null,
  field: string,
  choices: readonly Choice[],
): Choice | null {
  if (text === null || text === '') return null
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw wrongParameter(field, `it must be one of ${choices.join(', ')}`)
}

/** 0 and 1, as numbers or text; null where it is not there. @throws Fault invalid_request */
export function flagOf(body: Body, field: string): boolean | null {
  const value = body[field]
  if (value === undefined) return null
  if (value === 1 || value === '1') return true
  if (value === 0 || value === '0') return false
  throw wrongParameter(field, 'it must be 0 or 1')
}

/** Access to a DNS provider; null where none is given. @throws Fault invalid_request */
export function dnsOf(body: Body): DnsAccess | null {
  const dnsProvider = optionalText(body, 'dns_provider')
  const list = body['auth_info_list']
  if (dnsProvider === null) return null
  if (!Array.isArray(list)) throw wrongParameter('auth_info_list', 'it must be a list')
  return { dnsProvider, dnsParameters: Object.fromEntries(list.map(parameterOf)) }
}

function parameterOf(entry: unknown): readonly [string, DnsParameters[string]] {
  const { k, sv, iv, bv }: Body =
    typeof entry === 'object' && entry !== null ? Object.fromEntries(Object.entries(entry)) : {}
  if (typeof k !== 'string' || k === '') {
    throw wrongParameter('auth_info_list', 'each needs its key k')
  }
  if (typeof sv === 'string') return [k, sv]
  if (typeof iv === 'number') return [k, iv]
  if (typeof bv === 'boolean') return [k, bv]
  throw wrongParameter('auth_info_list', `${k} needs a value: sv, iv or bv`)
}
