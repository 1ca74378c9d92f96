import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDueTasks, taskHandlers } from '@latchkey/core'
import { type Composition, compose } from '@latchkey/deno/compose'
import { jsonLogger } from '@latchkey/platform'
import { type Sandbox, startSandbox } from '@latchkey/sandbox'
import { type ApiHarness, HARNESS_ENV, harnessEnv, type HarnessOptions, urlsOf } from './harness.ts'
import { startIssuers } from './issuer.ts'
import { startReceivers } from './receiver.ts'
import { OffsetClock } from './offset-clock.ts'

const BATCH = 50

export interface HostHarness extends ApiHarness {
  /** The folder with the database's files. */
  readonly folder: string
}

export interface HostOptions extends HarnessOptions {
  /** The folder of a program that has ended and the sandbox it used, in place of fresh ones; they stay the caller's. */
  readonly inherit?: { readonly folder: string; readonly sandbox: Sandbox }
}

/** The program as Deno runs it, in this process (Node or Deno), over SQLite in a folder of its own. */
export async function openHostHarness(options: HostOptions = {}): Promise<HostHarness> {
  const { inherit } = options
  const folder = inherit?.folder ?? (await mkdtemp(join(tmpdir(), 'latchkey-')))
  const sandbox = inherit?.sandbox ?? (await startSandbox())
  const lines: string[] = []
  const clock = new OffsetClock(options.haste)
  const logger = jsonLogger(clock, (line) => void lines.push(line()))
  const issuers = await startIssuers()
  const receivers = await startReceivers()
  const env = { LATCHKEY_DATA: folder, ...harnessEnv(options, issuers.url) }
  const cleanups = [() => issuers.close(), () => receivers.close()]
  if (inherit === undefined) {
    cleanups.unshift(() => rm(folder, { recursive: true, force: true }))
    cleanups.push(() => sandbox.close())
  }
  const close = async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  }
  const start = async () => {
    const composition = await compose(env, { version: 'test', logger, clock })
    cleanups.push(() => composition.queue.close())
    return composition
  }
  const { app, services, queue } = await start().catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    folder,
    adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
    urls: urlsOf(sandbox),
    hasOwnTrust: true,
    sandbox: sandbox.control,
    issuersUrl: issuers.url,
    receiversUrl: receivers.url,
    request: requestingOf(app),
    async elsewhere() {
      const other = await start()
      return { adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN, request: requestingOf(other.app) }
    },
    async advance(ms) {
      clock.jump(ms)
      let taken: number
      do {
        taken = await runDueTasks(services, queue, taskHandlers, { limit: BATCH })
      } while (taken > 0)
    },
    logs: () => lines,
    close,
  }
}

function requestingOf(app: Composition['app']): ApiHarness['request'] {
  return async (path, init) => app.request(`http://latchkey.test${path}`, init)
}
