import { checkAll } from '../check-boundaries.ts'
import { withSources } from './source.ts'

/** What the real rules say about made-up files: `rule path:line message`, one each. */
export const complaintsAbout = (files: Readonly<Record<string, string>>): readonly string[] =>
  withSources(new Map(Object.entries(files)), checkAll).map(
    ({ rule, path, line, message }) => `${rule} ${path}:${line} ${message}`,
  )
