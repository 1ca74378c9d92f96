import type { Clock } from '@latchkey/core'
import { createControlApp } from './control/app.ts'
import type { SandboxControl } from './control/control.ts'
import { createLocalControl } from './control/local.ts'
import { createEmulators } from './emulators.ts'
import { createFaultList } from './faults/list.ts'
import { replyWith, type Reply } from './faults/reply.ts'
import { strike } from './faults/strike.ts'
import { isBodiless, readBody } from './shared/body.ts'
import { adjustableClock } from './shared/clock.ts'
import type { Surroundings } from './shared/emulator.ts'
import { readFields } from './shared/fields.ts'
import type { Incident, IncidentKind } from './shared/incidents.ts'
import { createRecorder } from './shared/recorder.ts'
import { holdsPrivateKey } from './shared/rsa-key.ts'
import { UPSTREAMS, type Upstream } from './shared/upstreams.ts'
import type { World } from './world.ts'

/** One is one too many: the first ones tell it. */
const MAX_INCIDENTS = 1_000

/** The sandbox without its sockets. */
export interface SandboxCore {
  readonly control: SandboxControl
  readonly clock: Clock
  /** Serves the upstreams under `/graph`, `/onprem`, `/kaleyra`, `/pbx`, and `/_sandbox`. */
  handle(request: Request): Promise<Reply>
}

export interface CoreOptions {
  readonly clock: Clock
  readonly seed: World
  /** The path before all others; empty at the root. */
  readonly prefix: string
}

export function createSandboxCore({ clock: base, seed, prefix }: CoreOptions): SandboxCore {
  const clock = adjustableClock(base)
  const recorder = createRecorder()
  const faults = createFaultList()
  const incidents: Incident[] = []
  const report = (kind: IncidentKind, upstream: Upstream, path: string) => {
    if (incidents.length < MAX_INCIDENTS) incidents.push({ kind, upstream, path, at: clock.now() })
  }

  const prefixOf = (upstream: Upstream) => `${prefix}/${upstream}`
  const surround = (upstream: Upstream): Surroundings => ({
    clock,
    prefix: prefixOf(upstream),
    report: (kind, path) => report(kind, upstream, path.slice(prefixOf(upstream).length)),
  })
  let emulators = createEmulators(seed, surround)
  const control = createLocalControl({
    clock,
    seed,
    recorder,
    faults,
    incidents,
    emulators: () => emulators,
    rebuild: (world) => {
      emulators = createEmulators(world, surround)
    },
  })
  const controlApp = createControlApp(control, prefix)

  const serve = async (upstream: Upstream, request: Request, url: URL): Promise<Reply> => {
    const body = await readBody(request)
    if (body === null) return replyWith(new Response(null, { status: 413 }))
    // A reset in the meantime must not reach this request's state.
    const emulator = emulators[upstream]
    const path = url.pathname.slice(prefixOf(upstream).length)
    const fields = await readFields(request.headers.get('content-type') ?? undefined, body)
    const sequence = recorder.record({
      at: clock.now(),
      upstream,
      method: request.method,
      path,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(request.headers),
      encoding: fields.encoding,
      fields: Object.fromEntries(fields.values),
      text: fields.text,
      bodyBytes: body.length,
    })
    const parcel = { method: request.method, path, fields }
    const exposed = [...fields.values.values(), fields.text ?? ''].some(holdsPrivateKey)
    if (exposed && emulator.takesPrivateKey?.(parcel) !== true)
      report('private-key', upstream, path)
    if (emulator.isDown?.() === true) {
      recorder.complete(sequence, null)
      return { kind: 'reset' }
    }
    const handle = async () => {
      if (isBodiless(request)) return emulator.app.fetch(request)
      const { method, headers } = request
      return emulator.app.fetch(
        new Request(url, { method, headers, body: body.length === 0 ? null : body }),
      )
    }
    const settle = (status: number | null) => recorder.complete(sequence, status)
    const fault = faults.take({ upstream, method: request.method, path })
    if (fault !== null) recorder.strike(sequence, fault.id)
    const reply =
      fault === null
        ? await replyWith(await handle())
        : await strike(fault.rule, { clock, handle, fail: (code) => emulator.fail(code) })
    if (reply.kind === 'hang') request.signal.addEventListener('abort', () => settle(null))
    else settle(reply.kind === 'answer' ? reply.status : null)
    return reply
  }

  return {
    control,
    clock,
    async handle(request) {
      const url = new URL(request.url)
      const [, first] = url.pathname.slice(prefix.length).split('/')
      const upstream = UPSTREAMS.find((each) => each === first)
      if (upstream === undefined) return replyWith(await controlApp.fetch(request))
      return serve(upstream, request, url)
    },
  }
}
