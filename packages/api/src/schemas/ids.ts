import * as z from 'zod'

/** An id in a path is only looked up: whatever is not found is `not_found`, whatever it looks like. */
export const pathId = z.string().min(1).max(200)

export const connectionId = z.string().regex(/^con_[0-9a-z]{16}$/, 'Must be a connection id, con_…')
export const timestamp = z.iso.datetime()
