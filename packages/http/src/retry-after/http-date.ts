const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`
const IMF = new RegExp(
  String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${TIME} GMT$`,
)
const RFC850 = new RegExp(
  String.raw`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) ${TIME} GMT$`,
)
const ASCTIME = new RegExp(
  String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`,
)

/**
 * Reads an HTTP-date in any of the three forms that a recipient must take (RFC 9110 §5.6.7).
 * @param now in milliseconds; a two-digit year means the one less than 50 years ahead of it
 * @returns milliseconds since the epoch, null where it is no such date
 */
export function parseHttpDate(text: string, now: number): number | null {
  const parts = (IMF.exec(text) ?? RFC850.exec(text) ?? ASCTIME.exec(text))?.groups
  if (parts === undefined) return null
  const number = (name: string) => Number(parts[name])
  const month = MONTHS.indexOf(parts['month'] ?? '')
  const year = parts['year']?.length === 2 ? fullYear(number('year'), now) : number('year')
  const [day, hour, minute, second] = [
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  ]
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null
  const midnight = new Date(Date.UTC(year, month, day))
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== day) return null
  return Date.UTC(year, month, day, hour, minute, second)
}

function fullYear(twoDigits: number, now: number): number {
  const present = new Date(now).getUTCFullYear()
  const candidate = present - (present % 100) + twoDigits
  return candidate > present + 50 ? candidate - 100 : candidate
}
