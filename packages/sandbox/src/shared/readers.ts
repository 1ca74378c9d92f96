/** A value handed in over the control API is not what it should be; the message names the place. */
export class InputError extends Error {
  constructor(at: string, problem: string) {
    super(`${at === '' ? 'The value' : at} ${problem}`)
    this.name = 'InputError'
  }
}

/** Reads an unknown value as a `T`; `at` is its place in the document. @throws InputError */
export type Reader<T> = (value: unknown, at: string) => T
type Read<R> = R extends Reader<infer T> ? T : never
type Shape = Readonly<Record<string, Reader<unknown>>>
type Fields<R extends Shape, O extends Shape> = { readonly [K in keyof R]: Read<R[K]> } & {
  readonly [K in keyof O]?: Read<O[K]>
}

export const anything: Reader<unknown> = (value) => value

export const text: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw new InputError(at, 'must be a string')
  return value
}

export const boolean: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new InputError(at, 'must be true or false')
  return value
}

export function oneOf<const T extends string | number>(...allowed: readonly T[]): Reader<T> {
  return (value, at) => {
    const found = allowed.find((each) => each === value)
    if (found === undefined) throw new InputError(at, `must be one of ${allowed.join(', ')}`)
    return found
  }
}

export function integer(minimum: number, maximum: number): Reader<number> {
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum)
      throw new InputError(at, `must be an integer from ${minimum} to ${maximum}`)
    return value
  }
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at))
}

export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new InputError(at, 'must be a list')
    return value.map((each, index) => reader(each, join(at, String(index))))
  }
}

/** Tries `first` where the value is a string, else `second`. */
export function textOr<A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> {
  return (value, at) => (typeof value === 'string' ? first(value, at) : second(value, at))
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const textRecord: Reader<Readonly<Record<string, string>>> = (value, at) => {
  if (!isRecord(value)) throw new InputError(at, 'must be an object of strings')
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, text(each, join(at, name))]),
  )
}

/** An object with these fields and no others; the optional ones may be left out. */
export function object<R extends Shape, O extends Shape>(
  required: R,
  optional: O,
): Reader<Fields<R, O>> {
  const shape = new Map<string, Reader<unknown>>(Object.entries({ ...required, ...optional }))
  return (value, at) => {
    if (!isRecord(value)) throw new InputError(at, 'must be a JSON object')
    for (const name of Object.keys(required))
      if (!(name in value)) throw new InputError(join(at, name), 'is required')
    const entries = Object.entries(value).map(([name, each]) => {
      const reader = shape.get(name)
      if (reader === undefined) throw new InputError(join(at, name), 'is not a known field')
      return [name, reader(each, join(at, name))]
    })
    // Every entry came out of the reader of its name, and no required name is missing.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(entries) as Fields<R, O>
  }
}

/** One of several objects, told apart by their field `tag`. */
export function tagged<V extends Shape>(tag: string, variants: V): Reader<Read<V[keyof V]>> {
  const readers = new Map<unknown, Reader<unknown>>(Object.entries(variants))
  return (value, at) => {
    if (!isRecord(value)) throw new InputError(at, 'must be a JSON object')
    const reader = readers.get(value[tag])
    if (reader === undefined)
      throw new InputError(join(at, tag), `must be one of ${Object.keys(variants).join(', ')}`)
    // The reader is one of `variants`, so what it gives is what one of them gives.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return reader(value, at) as Read<V[keyof V]>
  }
}

function join(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`
}
