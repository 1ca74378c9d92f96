import type * as z from 'zod'
import type { numbersAnswer } from './schema.ts'

type NumbersAnswer = z.infer<typeof numbersAnswer>

/** The most that the edge gives at once (page "Phone number management"). */
export const PAGE_SIZE = 100
/** As long a label as a number of ours may have. */
const LABEL_MAX = 200

/**
 * Where the next page begins; null after the last, `undefined` where the paging makes no sense: a next page without
 * a cursor, or the cursor that we came with. `next` itself is a URL with the token in it, and is never followed.
 */
export function nextCursor(
  answer: NumbersAnswer,
  cursor: string | null,
): string | null | undefined {
  if ((answer.paging?.next ?? null) === null) return null
  const after = answer.paging?.cursors?.after ?? ''
  return after === '' || after === cursor ? undefined : after
}

export function numberLabel(number: NumbersAnswer['data'][number]): string | null {
  const name = number.verified_name?.trim() ?? ''
  const phone = number.display_phone_number?.trim() ?? ''
  if (name === '' || phone === '') return clip(name + phone)
  return clip(`${name} (${phone})`)
}

function clip(text: string): string | null {
  return text === '' ? null : text.slice(0, LABEL_MAX).toWellFormed()
}
