import { looksPrivate } from '@latchkey/crypto'
import * as z from 'zod'

/** Where key material is: the shortest private key has 64 of these. Words about keys are no secret. */
const MATERIAL = /[A-Za-z\d+/]{40}/
/** One line without control characters, which would upset the lists, logs and terminals that show it. */
const LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u

/** A name or label of the caller's own, which is kept and shown as it is: nothing for a key pasted by mistake. */
export function shownText(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .regex(LINE, 'Must not contain line breaks or control characters')
    .refine((text) => !(MATERIAL.test(text) && looksPrivate(text)), 'Must not hold a private key')
}

/** What a thing is called: `shownText` that is not blank. */
export function shownName(max: number): z.ZodString {
  return shownText(max).regex(/\S/, 'Must not be blank')
}
