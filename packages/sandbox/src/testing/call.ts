import type { SandboxCore } from '../core.ts'
import { createSandboxCore } from '../core.ts'
import { sampleWorld, type World } from '../world.ts'
import { stoppedClock } from './clock.ts'

export interface Called {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

export interface TestSandbox extends SandboxCore {
  /** Sends a request without a socket; only an answer that can be read is one. */
  call(path: string, init?: RequestInit): Promise<Called>
}

/** A sandbox without sockets, at a time that stands still. */
export function testSandbox(seed: World = sampleWorld): TestSandbox {
  const core = createSandboxCore({ clock: stoppedClock, seed, prefix: '' })
  return {
    ...core,
    async call(path, init = {}) {
      const reply = await core.handle(new Request(`http://sandbox.test${path}`, init))
      if (reply.kind !== 'answer') throw new Error(`No answer: ${reply.kind}`)
      const text = new TextDecoder().decode(reply.body)
      const isJson = reply.headers.get('content-type')?.startsWith('application/json') === true
      const json: unknown = isJson && text !== '' ? JSON.parse(text) : null
      return { status: reply.status, headers: reply.headers, text, json }
    },
  }
}

/** The form body of one parameter. */
export function form(name: string, value: string): URLSearchParams {
  return new URLSearchParams({ [name]: value })
}
