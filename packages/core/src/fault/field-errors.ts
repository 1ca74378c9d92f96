import type * as z from 'zod'
import type { FieldError } from './fault.ts'

/** A field's name is repeated up to this length: what is longer was meant to be a value, and may be a secret. */
const NAME_MAX = 64

/** The issues of a schema as field errors, each pointing into the body below `base` (RFC 6901). */
export function fieldErrors(error: z.ZodError, base = ''): readonly FieldError[] {
  return error.issues.flatMap((issue) => {
    const at = base + issue.path.map((part) => `/${escape(String(part))}`).join('')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        key.length > NAME_MAX
          ? { pointer: at, message: 'Has a field that is not known, of a name too long to repeat' }
          : { pointer: `${at}/${escape(key)}`, message: 'Is not a known field' },
      )
    }
    return [{ pointer: at, message: issue.message }]
  })
}

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}
