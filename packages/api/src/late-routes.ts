import { Fault, isScope, loadedOnce, type Scope } from '@latchkey/core'
import type { MountedRoute, Route } from './route.ts'

/** `get /v1/tokens admin`: method, path, and the scope it takes, or `open`. */
export type Head = `${Route['method']} /${string} ${Scope | 'open'}`

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/**
 * Routes that are loaded together when one of them is called. Their heads, which say where they are and whom they are
 * for, are known before; they have to be those of the routes, each of them and no others.
 */
export function late(
  load: () => Promise<readonly Route[]>,
  heads: readonly Head[],
): readonly MountedRoute[] {
  const loaded = loadedOnce(async () => byHead(await load(), heads))
  return heads.map((head) => {
    let route: Route | undefined
    const find = async () => (route ??= routeOf(await loaded(), head))
    // Each turn that this waits for nothing is one of every request.
    return { ...parseHead(head), load: find, run: async (c) => (route ?? (await find())).run(c) }
  })
}

/**
 * Routes without parameters that are answered from here, so that nothing is loaded for whoever has just woken a Worker
 * by one of them. What refuses a query is loaded for those who send one.
 */
export function prompt(
  load: () => Promise<readonly Route[]>,
  answers: readonly (readonly [head: Head, answer: Route['run']])[],
): readonly MountedRoute[] {
  const heads = answers.map(([head]) => head)
  return late(load, heads).map((route, index) => ({
    ...route,
    run(context) {
      const answer = context.request.url.includes('?') ? undefined : answers[index]?.[1]
      return answer === undefined ? route.run(context) : answer(context)
    },
  }))
}

function routeOf(routes: ReadonlyMap<string, Route>, head: Head): Route {
  const route = routes.get(head)
  if (route === undefined) throw new Fault('internal', `Cannot answer: no route is "${head}"`)
  return route
}

function byHead(routes: readonly Route[], heads: readonly string[]): ReadonlyMap<string, Route> {
  const found = new Map(
    routes.map((route) => [`${route.method} ${route.path} ${route.scope ?? 'open'}`, route]),
  )
  for (const head of found.keys()) {
    if (!heads.includes(head))
      throw new Fault('internal', `Cannot answer: "${head}" is not mounted`)
  }
  return found
}

function parseHead(head: Head): Pick<Route, 'method' | 'path' | 'scope'> {
  const [name, path = '', scope = ''] = head.split(' ')
  const method = METHODS.find((each) => each === name)
  if (method === undefined) throw new TypeError(`Cannot mount route "${head}"`)
  return { method, path, scope: isScope(scope) ? scope : null }
}
