import type { UpstreamAnswer } from '@latchkey/core'
import { isHarmless } from '../redact/redact.ts'
import type { WireRequest } from './wire-request.ts'

const MASK = '***'
/** Shorter ones would mask words. */
const SECRET_MIN = 4
/** Shorter ones leave too little of themselves in base64. */
const IN_BASE64_MIN = 8
/** Of a long secret, as a line of a key is, an id must not have so much in common with it. */
const LONG_SECRET_MIN = 32
const SHARED_MIN = 12
/** A parameter's value that can be a token or a proof: long, without a gap, with a digit. No list of fields is. */
const OPAQUE_VALUE = /^(?=\D*\d)[^\s,]{20,}$/

export interface OwnSecrets {
  /** The id, unless it repeats a secret. */
  maskId(id: string | null): string | null
  /** The answer with every secret masked in its message, and without a code or id that repeats one. */
  mask(answer: UpstreamAnswer): UpstreamAnswer
}

/**
 * What an upstream was sent that nobody else may learn: the given secrets, and of the request the values of all
 * headers not known to be harmless and the opaque ones of its parameters. An upstream that repeats them in its words
 * or its headers must not spread them.
 */
export function ownSecrets(request: WireRequest, known: readonly string[] = []): OwnSecrets {
  // Few answers have anything to compare them with.
  let spelled: readonly string[] | null = null
  const secrets = () =>
    (spelled ??= comparable([...spelledOnce(known), ...carriedBy(request, known)]))
  const repeats = (id: string) =>
    secrets().some((secret) => id.includes(secret) || sharesPart(id, secret))
  return {
    maskId: (id) => (id === null || repeats(id) ? null : id),
    mask({ code, message, requestId, ...answer }) {
      return {
        ...answer,
        ...(code === undefined || repeats(code) ? {} : { code }),
        ...(message === undefined
          ? {}
          : {
              message: secrets().reduce((text, secret) => text.replaceAll(secret, MASK), message),
            }),
        ...(requestId === undefined || repeats(requestId) ? {} : { requestId }),
      }
    },
  }
}

function sharesPart(id: string, secret: string): boolean {
  if (secret.length < LONG_SECRET_MIN) return false
  for (let at = 0; at + SHARED_MIN <= id.length; at += 1) {
    if (secret.includes(id.slice(at, at + SHARED_MIN))) return true
  }
  return false
}

function carriedBy(
  { url, headers, body }: WireRequest,
  known: readonly string[],
): readonly string[] {
  const hidden = Object.entries(headers).flatMap(([name, value]) => {
    if (isHarmless(name)) return []
    // Behind the scheme of an Authorization header stands the credential (RFC 9110 §11.4).
    const bare = value.replace(/^\S+ +/, '')
    return known.includes(bare) ? [value] : [...spellings(value), ...spellings(bare)]
  })
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  const form = isForm ? new TextDecoder().decode(body ?? new Uint8Array()) : ''
  const parameters = [...url.searchParams.values(), ...new URLSearchParams(form).values()]
  const opaque = parameters.filter((value) => OPAQUE_VALUE.test(value))
  return [...hidden, ...opaque.flatMap(spellings)]
}

/** By the list itself, which all calls of a connection have in common. */
const spelledLists = new WeakMap<readonly string[], readonly string[]>()

function spelledOnce(known: readonly string[]): readonly string[] {
  const before = spelledLists.get(known)
  if (before !== undefined) return before
  const spelled = known.flatMap(spellings)
  spelledLists.set(known, spelled)
  return spelled
}

function comparable(spelled: readonly string[]): readonly string[] {
  return (
    [...new Set(spelled)]
      .filter((secret) => secret.length >= SECRET_MIN)
      // The longest first: a header goes as a whole before the token in it.
      .toSorted((a, b) => b.length - a.length)
  )
}

function spellings(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), ...inBase64(secret)]
}

/** The part of a longer text's base64 that this secret alone decides, wherever it begins in it, as in Basic. */
function inBase64(secret: string): readonly string[] {
  if (secret.length < IN_BASE64_MIN) return []
  const bytes = new TextEncoder().encode(secret)
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return [0, 1, 2].map((before) => {
    const base64 = btoa(text.padStart(before + bytes.length))
    return base64.slice(
      before === 0 ? 0 : before + 1,
      Math.floor(((before + bytes.length) * 8) / 6),
    )
  })
}
