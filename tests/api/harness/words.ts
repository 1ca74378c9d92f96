import type { Sent } from './client.ts'

/** An answer without what differs from request to request, and with ids made equal. */
export function words(
  { status, text, headers }: Sent,
  ids: Readonly<Record<string, string>>,
): string {
  const names = [...headers.keys()].toSorted().join(' ')
  let told = `${status} ${names} ${text.replace(/"requestId":"\w+"/, '')}`
  for (const [id, name] of Object.entries(ids)) told = told.replaceAll(id, name)
  return told
}
