import type { MountedRoute } from '../route.ts'

/** `/v1/numbers/{numberId}` in Hono's words. */
export function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** The methods that some route takes at this path; HEAD wherever GET is. */
export function methodsOf(routes: readonly MountedRoute[], path: string): readonly string[] {
  const methods = routes
    .filter((route) => matches(route.path, path))
    .map((route) => route.method.toUpperCase())
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}

function matches(template: string, path: string): boolean {
  const wanted = template.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, index) =>
      part.startsWith('{') ? given[index] !== '' : part === given[index],
    )
  )
}
