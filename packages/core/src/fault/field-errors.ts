import type * as z from 'zod'
import type { FieldError } from './fault.ts'

/** A field's name is repeated up to this length: what is longer was meant to be a value, and may be a secret. */
const NAME_MAX = 64
/** More wrong fields than this nobody reads, and a body may have a hundred thousand. */
const ERRORS_MAX = 20

/** The issues of a schema as field errors, each pointing into the body below `base` (RFC 6901). */
export function fieldErrors(error: z.ZodError, base = ''): readonly FieldError[] {
  return error.issues.flatMap((issue) => errorsOf(issue, base)).slice(0, ERRORS_MAX)
}

function errorsOf(issue: z.core.$ZodIssue, base: string): readonly FieldError[] {
  const at = base + issue.path.map((part) => `/${escape(String(part))}`).join('')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      key.length > NAME_MAX
        ? { pointer: at, message: 'Has a field that is not known, of a name too long to repeat' }
        : { pointer: `${at}/${escape(key)}`, message: 'Is not a known field' },
    )
  }
  if (issue.code === 'invalid_union') {
    // The alternative with the least wrong in it is the one that was meant.
    const [meant] = issue.errors
      .map((issues) => issues.flatMap((each) => errorsOf(each, at)))
      .toSorted((one, other) => one.length - other.length)
    if (meant !== undefined && meant.length > 0) return meant
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ pointer: at, message: 'Is required' }]
  }
  return [{ pointer: at, message: issue.message }]
}

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}
