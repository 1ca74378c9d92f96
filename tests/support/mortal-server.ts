import type { Requesting } from '../api/harness/client.ts'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { startServer } from './server.ts'

/** The real server over a folder, to be killed at any moment. */
export interface MortalServer extends Requesting {
  /** What it printed so far. */
  readonly lines: readonly string[]
  /** Ends it as a power cut does: nothing in it gets to know. */
  kill(): Promise<void>
}

/** Starts the server as in production, with the settings of a harness, and waits until it serves. */
export async function startMortal(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<MortalServer> {
  const server = startServer({ ...HARNESS_ENV, LATCHKEY_DATA: folder, PORT: '0', ...env })
  const kill = async () => {
    server.child.kill('SIGKILL')
    await server.ended
  }
  try {
    const url = await server.url()
    return {
      adminToken: HARNESS_ENV.LATCHKEY_ADMIN_TOKEN,
      request: (path, init) => fetch(url + path, init),
      lines: server.lines,
      kill,
    }
  } catch (error) {
    await kill()
    throw error
  }
}
