import { Fault } from '@latchkey/core'
import * as z from 'zod'
import { parseWith } from './http/body.ts'
import type { Route, RouteSpec } from './route.ts'

const nothing = z.object({})

type Optional<Params extends z.ZodObject, Query extends z.ZodObject> = Omit<
  RouteSpec<Params, Query>,
  'params' | 'query'
> & { readonly params?: Params; readonly query?: Query }

/** One route: how it is called, what it takes and gives, and what it does. The schemas that describe it also check. */
export function defineRoute<
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
>(spec: Optional<Params, Query>): Route {
  const { handle, params, query, ...rest } = spec
  const paramsSchema = params ?? nothing
  const querySchema = (query ?? nothing).strict()
  return {
    ...rest,
    params: paramsSchema,
    query: querySchema,
    run: (context) =>
      handle({
        ...context,
        // The schemas left out are those of empty objects, which their type parameters default to.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        params: parsePath(paramsSchema, context.params) as z.output<Params>,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        query: parseWith(querySchema, context.query, 'query') as z.output<Query>,
      }),
  }
}

/** What cannot be anybody's id is not looked up: nothing is there. @throws Fault not_found */
function parsePath(schema: z.ZodObject, params: unknown): unknown {
  const parsed = schema.safeParse(params)
  if (parsed.success) return parsed.data
  throw new Fault('not_found', 'Cannot find anything at this path')
}
