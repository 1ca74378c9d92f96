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
        params: parseWith(paramsSchema, context.params, 'path') as z.output<Params>,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        query: parseWith(querySchema, context.query, 'query') as z.output<Query>,
      }),
  }
}
