/** The title of one row of `test.each`, as vitest writes it: `%s %i %d %f %j %o %%`, `%#` `%$`, `$name.path`. */
export function eachTitle(template: string, row: readonly unknown[], index: number): string {
  let next = 0
  const filled = template.replaceAll(/%([sdifjoO%#$])/g, (placeholder, kind: string) => {
    if (kind === '%') return '%'
    if (kind === '#') return String(index)
    if (kind === '$') return String(index + 1)
    return next < row.length ? printf(kind, row[next++]) : placeholder
  })
  const [first] = row
  if (typeof first !== 'object' || first === null) return filled
  return filled.replaceAll(/\$([\p{ID_Start}_][\p{ID_Continue}.]*)/gu, (_, path: string) => {
    const value = path.split('.').reduce(member, first)
    return typeof value === 'string' ? value : inspect(value)
  })
}

function printf(kind: string, value: unknown): string {
  if (kind === 's') return typeof value === 'string' ? value : inspect(value)
  if (kind === 'i') return String(Math.trunc(Number(value)))
  if (kind === 'd' || kind === 'f') return String(Number(value))
  if (kind === 'j') return JSON.stringify(value) ?? 'undefined'
  return inspect(value)
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const inspect = (value: unknown) => Deno.inspect(value, { breakLength: Infinity, colors: false })
