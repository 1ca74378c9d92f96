import type { UpstreamResponse } from '@latchkey/core'

/**
 * The body as JSON, `undefined` where it is none. Its content type is not asked: Graph sends `text/javascript`, and
 * PHP's default is `text/html`.
 */
export function jsonOf(response: UpstreamResponse): unknown {
  try {
    return JSON.parse(response.body)
  } catch {
    return undefined
  }
}

export function isSuccess({ status }: UpstreamResponse): boolean {
  return status >= 200 && status < 300
}
