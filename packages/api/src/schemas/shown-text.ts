import { looksPrivate } from '@latchkey/crypto'
import * as z from 'zod'

/** Where key material is: the shortest private key has 64 of these. Words about keys are no secret. */
const MATERIAL = /[A-Za-z\d+/]{40}/
/** One line without control characters, which would upset the lists, logs and terminals that show it. */
const LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u

const FILE = /^[\w@+][\w.@+()-]*$/

const WITHOUT_KEY = [
  (text: string) => !(MATERIAL.test(text) && looksPrivate(text)),
  'Must not hold a private key',
] as const

/** A name or label of the caller's own, which is kept and shown as it is: nothing for a key pasted by mistake. */
export function shownText(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .regex(LINE, 'Must not contain line breaks or control characters')
    .refine(...WITHOUT_KEY)
}

/** What a thing is called: `shownText` that is not blank. */
export function shownName(max: number): z.ZodString {
  return shownText(max).regex(/\S/, 'Must not be blank')
}

/** The name of a file, safe wherever it is kept. */
export function fileName(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .regex(
      FILE,
      'Must be letters, digits and . _ @ + ( ) - only, and not begin with a dot or hyphen',
    )
    .refine(...WITHOUT_KEY)
}
