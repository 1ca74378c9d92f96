/** They take long and are short files: begun last, each would run on alone when all others are over. */
const LONG = ['tests/api/api.', 'tests/fleet/', 'tests/webhooks/alerts.']

/** The same test files, those first that take long. */
export function longFirst<T>(files: readonly T[], pathOf: (file: T) => string): T[] {
  const takesLong = (file: T) => LONG.some((part) => pathOf(file).includes(part))
  return [...files.filter(takesLong), ...files.filter((file) => !takesLong(file))]
}
