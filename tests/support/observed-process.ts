import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox } from '@latchkey/sandbox'
import { HARNESS_ENV, urlsOf } from '../api/harness/harness.ts'
import type { HostHarness } from '../api/harness/host.ts'
import { startServer } from './server.ts'

/** A program that is looked at from outside, in this process or in another. */
export type Observed = Pick<
  HostHarness,
  'adminToken' | 'close' | 'folder' | 'logs' | 'request' | 'sandbox' | 'urls'
>

/** The server, with where it listens. */
export interface ObservedProcess extends Observed {
  readonly port: number
}

/** The real server over a real socket, with a sandbox in this process. */
export async function openProcess(env: Readonly<Record<string, string>>): Promise<ObservedProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-process-'))
  const sandbox = await startSandbox()
  const settings = { ...HARNESS_ENV, LATCHKEY_DATA: folder, PORT: '0', ...env }
  const server = startServer(settings)
  const close = async () => {
    server.child.kill('SIGTERM')
    await server.ended
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const url = await server.url()
    return {
      folder,
      close,
      port: Number(new URL(url).port),
      adminToken: settings.LATCHKEY_ADMIN_TOKEN,
      urls: urlsOf(sandbox),
      sandbox: sandbox.control,
      request: (path, init) => fetch(url + path, init),
      logs: () => server.lines,
    }
  } catch (error) {
    await close()
    throw error
  }
}
