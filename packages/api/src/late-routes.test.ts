import { expect, test } from 'vitest'
import { defineRoute } from './define-route.ts'
import { late, mounted } from './late-routes.ts'
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

test('mounted() has the routes that it was given', async () => {
  const given = route('/a')
  const [one] = mounted([given])
  expect(one).toMatchObject({ method: 'get', path: '/a', scope: 'numbers:read' })
  expect(await one?.load()).toBe(given)
})

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

// Somebody changes the scope of a route and not its head: the lesser one must not let anybody in.
test.each([
  ['of another scope', [route('/a', 'admin')]],
  ['of which there is none', []],
  ['beside one that is not mounted', [route('/a'), route('/b')]],
])('late() serves no route %s', async (_, routes) => {
  const [one] = late(() => Promise.resolve(routes), ['get /a numbers:read'])
  await expect(one?.load()).rejects.toMatchObject({ code: 'internal' })
})
