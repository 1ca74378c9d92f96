/** The emulated upstreams; each is also the path prefix under which it is served. */
export const UPSTREAMS = ['graph', 'onprem', 'kaleyra', 'pbx'] as const

export type Upstream = (typeof UPSTREAMS)[number]
