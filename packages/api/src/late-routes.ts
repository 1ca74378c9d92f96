import { Fault, isScope, loadedOnce, type Scope } from '@latchkey/core'
import type { MountedRoute, Route } from './route.ts'

/** `get /v1/tokens admin`: method, path, and the scope it takes, or `open`. */
type Head = `${Route['method']} /${string} ${Scope | 'open'}`

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Routes that are at hand. */
export function mounted(routes: readonly Route[]): readonly MountedRoute[] {
  return routes.map((route) => {
    const { method, path, scope } = route
    return { method, path, scope, load: () => Promise.resolve(route) }
  })
}

/**
 * Routes that are loaded together when one of them is called. Their heads, which say where they are and whom they are
 * for, are known before; they have to be those of the routes, each of them and no others.
 */
export function late(
  load: () => Promise<readonly Route[]>,
  heads: readonly Head[],
): readonly MountedRoute[] {
  const loaded = loadedOnce(async () => byHead(await load(), heads))
  return heads.map((head) => ({
    ...parseHead(head),
    async load() {
      const route = (await loaded()).get(head)
      if (route === undefined) throw new Fault('internal', `Cannot answer: no route is "${head}"`)
      return route
    },
  }))
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
