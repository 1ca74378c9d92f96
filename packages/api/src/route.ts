import type { Provider, Scope } from '@latchkey/core'
import type * as z from 'zod'
import type { RouteContext } from './http/context.ts'

export interface ResponseSpec {
  readonly description: string
  /** By media type; left out where there is no body. */
  readonly content?: Readonly<Record<string, z.ZodType>>
}

export interface RouteSpec<Params extends z.ZodObject, Query extends z.ZodObject> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** In OpenAPI's form: `/v1/numbers/{numberId}`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  /** Null: open to everybody. */
  readonly scope: Scope | null
  readonly params: Params
  readonly query: Query
  readonly headers?: Readonly<Record<string, string>>
  /** Request bodies by media type. */
  readonly body?: Readonly<Record<string, z.ZodType>>
  /** Examples of the JSON body by their names, where they follow from the providers that there are. */
  readonly examples?: (providers: readonly Provider[]) => Readonly<Record<string, unknown>>
  readonly responses: Readonly<Record<number, ResponseSpec>>
  handle(context: RouteContext<z.output<Params>, z.output<Query>>): Promise<Response>
}

/** A route whose schemas are known only to itself; what the app mounts and the document describes. */
export type Route = Omit<RouteSpec<z.ZodObject, z.ZodObject>, 'handle'> & {
  /** Parses params and query by the route's own schemas, then handles. @throws Fault */
  run(context: RouteContext<unknown, unknown>): Promise<Response>
}

/** A route as far as the app has to know it before somebody calls it; its schemas may be loaded then. */
export type MountedRoute = Pick<Route, 'method' | 'path' | 'scope' | 'run'> & {
  readonly load: () => Promise<Route>
}
