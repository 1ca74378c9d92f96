type Schema = Readonly<Record<string, unknown>>
type Keyword = (wanted: unknown, value: unknown, at: Place) => readonly string[]

interface Place {
  /** Where in the value, as a JSON Pointer. */
  readonly path: string
  /** The schema that the keyword stands in. */
  readonly schema: Schema
  /** The whole document, which references lead into. */
  readonly root: unknown
}

/**
 * What a value has against it by a JSON Schema (2020-12); nothing where it is valid. Knows the keywords that Latchkey's
 * schemas use.
 * @throws for any other, so that none is passed over
 */
export function complaints(
  schema: unknown,
  value: unknown,
  root: unknown = schema,
  path = '',
): readonly string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${path}: nothing may be here`]
  if (!isObject(schema)) throw new Error(`Not a schema: ${JSON.stringify(schema)}`)
  return Object.entries(schema).flatMap(([name, wanted]) => {
    if (ANNOTATIONS.has(name)) return []
    const keyword = KEYWORDS.get(name)
    if (keyword === undefined) throw new Error(`Unknown keyword: ${name}`)
    return keyword(wanted, value, { path, schema, root })
  })
}

/** `format` asserts nothing unless asked to (JSON Schema Validation §7.2.1). */
const ANNOTATIONS = new Set(['$schema', '$defs', 'description', 'default', 'examples', 'format'])

const TYPES: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map([
  ['string', (value: unknown) => typeof value === 'string'],
  ['number', (value: unknown) => typeof value === 'number'],
  ['integer', (value: unknown) => Number.isInteger(value)],
  ['boolean', (value: unknown) => typeof value === 'boolean'],
  ['null', (value: unknown) => value === null],
  ['array', (value: unknown) => Array.isArray(value)],
  ['object', isObject],
])

const onText = (passes: (value: string, wanted: unknown) => boolean, message: string): Keyword => {
  return (wanted, value, at) =>
    when(typeof value === 'string' && !passes(value, wanted), at, `${message} ${String(wanted)}`)
}
const onNumber = (passes: (value: number, wanted: number) => boolean, message: string): Keyword => {
  return (wanted, value, at) =>
    when(
      typeof value === 'number' && !passes(value, Number(wanted)),
      at,
      `${message} ${String(wanted)}`,
    )
}
const onList = (passes: (length: number, wanted: number) => boolean, message: string): Keyword => {
  return (wanted, value, at) =>
    when(
      Array.isArray(value) && !passes(value.length, Number(wanted)),
      at,
      `${message} ${String(wanted)}`,
    )
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['$ref', (ref, value, at) => complaints(resolve(at.root, ref), value, at.root, at.path)],
  ['type', (type, value, at) => when(!isOfType(type, value), at, `is no ${String(type)}`)],
  ['const', (wanted, value, at) => when(value !== wanted, at, `is not ${String(wanted)}`)],
  ['enum', (all, value, at) => when(!asList(all).includes(value), at, `is not of ${String(all)}`)],
  ['minimum', onNumber((value, least) => value >= least, 'is below')],
  ['maximum', onNumber((value, most) => value <= most, 'is above')],
  ['minLength', onText((value, least) => lengthOf(value) >= Number(least), 'is shorter than')],
  ['maxLength', onText((value, most) => lengthOf(value) <= Number(most), 'is longer than')],
  ['pattern', onText((value, regex) => new RegExp(String(regex), 'u').test(value), 'is not like')],
  ['minItems', onList((length, least) => length >= least, 'has fewer items than')],
  ['maxItems', onList((length, most) => length <= most, 'has more items than')],
  [
    'items',
    (schema, value, at) => below(schema, Array.isArray(value) ? [...value.entries()] : [], at),
  ],
  [
    'required',
    (names, value, at) => {
      const missing = isObject(value)
        ? asList(names).filter((name) => !Object.hasOwn(value, String(name)))
        : []
      return when(missing.length > 0, at, `lacks ${String(missing)}`)
    },
  ],
  [
    'properties',
    (properties, value, at) =>
      membersOf(properties).flatMap(([name, schema]) =>
        below(
          schema,
          membersOf(value).filter(([each]) => each === name),
          at,
        ),
      ),
  ],
  [
    'additionalProperties',
    (schema, value, at) => {
      const known = new Map(membersOf(at.schema['properties']))
      return below(
        schema,
        membersOf(value).filter(([name]) => !known.has(name)),
        at,
      )
    },
  ],
  [
    'propertyNames',
    (schema, value, at) =>
      below(
        schema,
        membersOf(value).map(([name]) => [name, name]),
        at,
      ),
  ],
  [
    'allOf',
    (all, value, at) => asList(all).flatMap((each) => complaints(each, value, at.root, at.path)),
  ],
  ['anyOf', (all, value, at) => when(fits(all, value, at) === 0, at, 'fits no alternative')],
  ['oneOf', (all, value, at) => when(fits(all, value, at) !== 1, at, 'fits none or several')],
])

/** What the members or items of a value have against them. */
function below(
  schema: unknown,
  members: readonly (readonly [string | number, unknown])[],
  { root, path }: Place,
): readonly string[] {
  return members.flatMap(([name, member]) => complaints(schema, member, root, `${path}/${name}`))
}

/** In code points (JSON Schema Validation §6.3). */
function lengthOf(text: string): number {
  return Array.from(text).length
}

function isOfType(types: unknown, value: unknown): boolean {
  return asList(types).some((type) => TYPES.get(type)?.(value) ?? false)
}

function when(failed: boolean, { path }: Place, message: string): readonly string[] {
  return failed ? [`${path}: ${message}`] : []
}

function fits(alternatives: unknown, value: unknown, { root, path }: Place): number {
  return asList(alternatives).filter((each) => complaints(each, value, root, path).length === 0)
    .length
}

function resolve(root: unknown, ref: unknown): unknown {
  const found = String(ref)
    .split('/')
    .slice(1)
    .reduce<unknown>((node, name) => (isObject(node) ? node[name] : undefined), root)
  if (found === undefined) throw new Error(`Dangling reference: ${String(ref)}`)
  return found
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : []
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
