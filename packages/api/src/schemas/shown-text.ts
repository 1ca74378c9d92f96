import { looksPrivate } from '@latchkey/crypto'
import * as z from 'zod'

/** Where key material is: the shortest private key has 64 of these. Words about keys are no secret. */
const MATERIAL = /[A-Za-z\d+/]{40}/

/** A name or label of the caller's own, which is kept and shown as it is: nothing for a key pasted by mistake. */
export function shownText(max: number): z.ZodString {
  return z
    .string()
    .max(max)
    .refine((text) => !(MATERIAL.test(text) && looksPrivate(text)), 'Must not hold a private key')
}
