import { expect, test } from 'vitest'
import { defineRoute } from './define-route.ts'
import type { RouteContext } from './http/context.ts'
import { late, prompt } from './late-routes.ts'
import type { Route } from './route.ts'

function route(path: string, scope: Route['scope'] = 'numbers:read'): Route {
  return defineRoute({
    method: 'get',
    path,
    operationId: 'test',
    summary: 'Test',
    tag: 'Test',
    scope,
    responses: { 204: { description: 'Done' } },
    handle: () => Promise.resolve(new Response(null, { status: 204 })),
  })
}

function contextOf(url: string, query: unknown): RouteContext<unknown, unknown> {
  // Of a context these routes use nothing else.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { request: new Request(url), params: {}, query } as RouteContext<unknown, unknown>
}

test('late() loads routes once, when one of them is called', async () => {
  let loads = 0
  const load = () => {
    loads += 1
    return Promise.resolve([route('/a'), route('/b', null)])
  }
  const [a, b] = late(load, ['get /a numbers:read', 'get /b open'])
  expect([a?.scope, b?.scope, loads]).toEqual(['numbers:read', null, 0])
  expect(await b?.load()).toMatchObject({ path: '/b', scope: null })
  expect(await a?.load()).toMatchObject({ path: '/a' })
  expect(loads).toBe(1)
})

test('late() tries again what could not be loaded', async () => {
  let loads = 0
  const load = () => {
    loads += 1
    return loads === 1 ? Promise.reject(new Error('lost')) : Promise.resolve([route('/a')])
  }
  const [one] = late(load, ['get /a numbers:read'])
  await expect(one?.load()).rejects.toThrow('lost')
  expect(await one?.load()).toMatchObject({ path: '/a' })
})

// What an unknown name in a query means is not guessed at, here as anywhere.
test('prompt() answers from what is at hand, and has a query checked by the route', async () => {
  const loads: string[] = []
  const [one] = prompt(async () => {
    loads.push('all')
    return [route('/a', null)]
  }, [['get /a open', () => Promise.resolve(new Response('at once'))]])
  const plain = await one?.run(contextOf('http://host/a', {}))
  expect([await plain?.text(), loads]).toEqual(['at once', []])
  const asked = async () => one?.run(contextOf('http://host/a?b=c', { b: 'c' }))
  await expect(asked()).rejects.toMatchObject({ code: 'invalid_request' })
  expect(loads).toEqual(['all'])
})

// Somebody changes the scope of a route and not its head: the lesser one must not let anybody in.
test.each([
  ['of another scope', [route('/a', 'admin')]],
  ['of which there is none', []],
  ['beside one that is not mounted', [route('/a'), route('/b')]],
])('late() serves no route %s', async (_, routes) => {
  const [one] = late(() => Promise.resolve(routes), ['get /a numbers:read'])
  await expect(one?.load()).rejects.toMatchObject({ code: 'internal' })
})
