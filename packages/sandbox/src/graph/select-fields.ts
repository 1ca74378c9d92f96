import { GraphError } from './errors.ts'

/**
 * What a `fields` parameter (a comma list) leaves of a node; all of it where there is none.
 * @throws GraphError 100 for a field that the node never has
 */
export function selectFields(
  node: Readonly<Record<string, unknown>>,
  fields: string | undefined,
  options: { readonly known: readonly string[]; readonly node: string; readonly always?: string },
): Readonly<Record<string, unknown>> {
  if (fields === undefined || fields.trim() === '') return node
  const names = fields.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !options.known.includes(name))
  if (unknown !== undefined)
    throw new GraphError(100, {
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (${options.node})`,
    })
  const wanted = options.always === undefined ? names : [...names, options.always]
  return Object.fromEntries(Object.entries(node).filter(([name]) => wanted.includes(name)))
}
