import type { UpstreamAnswer } from '@latchkey/core'
import { redactHeaders } from '../redact/redact.ts'
import type { WireRequest } from './wire-request.ts'

const MASK = '***'
/** Shorter ones would mask words. */
const SECRET_MIN = 4
/** Values of a query that can be a token or a proof: long, without a gap, with a digit. No list of fields is. */
const OPAQUE_VALUE = /^(?=\D*\d)[^\s,]{20,}$/

/**
 * What a request carries that nobody else may learn: the values of all headers not known to be harmless, and the
 * opaque ones of its query. An upstream that repeats them in its words or its headers must not spread them.
 */
export function ownSecrets({ url, headers }: Pick<WireRequest, 'url' | 'headers'>): OwnSecrets {
  const shown = redactHeaders(headers)
  const hidden = Object.entries(headers).flatMap(([name, value]) =>
    shown[name] === value ? [] : [value, ...credentialsIn(value)],
  )
  const opaque = [...url.searchParams.values()].filter((value) => OPAQUE_VALUE.test(value))
  const spelled = [...hidden, ...opaque].flatMap((secret) => [secret, encodeURIComponent(secret)])
  const secrets = [...new Set(spelled)]
    .filter((secret) => secret.length >= SECRET_MIN)
    // The longest first: a header goes as a whole before the token in it.
    .toSorted((a, b) => b.length - a.length)
  const repeats = (text: string) => secrets.some((secret) => text.includes(secret))
  return {
    maskId: (id) => (id === null || repeats(id) ? null : id),
    mask({ code, message, requestId, ...answer }) {
      return {
        ...answer,
        ...(code === undefined || repeats(code) ? {} : { code }),
        ...(message === undefined
          ? {}
          : { message: secrets.reduce((text, secret) => text.replaceAll(secret, MASK), message) }),
        ...(requestId === undefined || repeats(requestId) ? {} : { requestId }),
      }
    },
  }
}

export interface OwnSecrets {
  /** The id, unless it repeats a secret. */
  maskId(id: string | null): string | null
  /** The answer with every secret masked in its message, and without a code or id that repeats one. */
  mask(answer: UpstreamAnswer): UpstreamAnswer
}

/** What stands behind the scheme of an Authorization header: a token, or what Basic encodes (RFC 7617 §2). */
function credentialsIn(value: string): readonly string[] {
  const [, scheme = '', credentials] = /^(\S+) +(\S+)$/.exec(value) ?? []
  if (credentials === undefined) return []
  const pair = scheme.toLowerCase() === 'basic' ? decodeBasic(credentials) : null
  return pair === null ? [credentials] : [credentials, pair, pair.slice(pair.indexOf(':') + 1)]
}

function decodeBasic(credentials: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(credentials), (character) => character.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch {
    return null
  }
}
