import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SAMPLE } from '@latchkey/sandbox'
import { type SandboxControl, sandboxControl } from '@latchkey/sandbox/control'
import * as z from 'zod'
import { mintChain, mintTrusted } from '../api/harness/certificates.ts'
import { connectionTo, make } from '../api/harness/client.ts'
import { freshKey } from '../api/harness/keys.ts'
import { openProcess, type ObservedProcess } from '../support/observed-process.ts'
import { runCurl } from './curl.ts'
import type { DialectName } from './table.ts'

export interface Connected {
  /** Where the connection speaks its provider's own dialect. */
  readonly base: string
  /** Where the sandbox itself does. */
  readonly upstream: string
  readonly sandbox: SandboxControl
}

export interface DialectsWorld {
  readonly server: ObservedProcess
  readonly origin: string
  /** SPKI PEM. */
  readonly publicKey: string
  readonly chain: Awaited<ReturnType<typeof mintChain>>
  /** PEM of a root. */
  readonly authority: string
  /** A file with a server's key and chain. */
  readonly bundlePath: string
  /** Writes a file for curl to send. */
  file(name: string, content: string): Promise<string>
  /** A new connection to a sandbox of its own. */
  connect(dialect: DialectName): Promise<Connected>
  close(): Promise<void>
}

/** A running server and sandbox, and what is sent to them. */
export async function openDialectsWorld(): Promise<DialectsWorld> {
  const server = await openProcess({})
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-curl-'))
  const origin = `http://127.0.0.1:${server.port}`
  const file = async (name: string, content: string) => {
    const path = join(folder, name)
    await writeFile(path, content)
    return path
  }
  const chain = await mintChain()
  return {
    server,
    origin,
    publicKey: (await freshKey()).pem.trimEnd(),
    chain,
    authority: (await mintTrusted()).pem,
    bundlePath: await file('bundle.pem', chain.bundle),
    file,
    async connect(dialect) {
      const url = new URL(`/spaces/${randomUUID()}`, server.urls.graph).href
      const urls = {
        graph: `${url}/graph`,
        onprem: `${url}/onprem`,
        kaleyra: `${url}/kaleyra`,
        pbx: `${url}/pbx`,
      }
      const id = await make(server, '/v1/connections', connectionTo({ urls }, dialect))
      const base = `${origin}/${dialect}/${id}`
      return { base, upstream: urls[dialect], sandbox: sandboxControl(url) }
    },
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const loggedIn = z.object({ users: z.tuple([z.object({ token: z.string() })]) })
const given = z.object({ access_token: z.string() })

/** A token as `users/login` gives one. @param base of a deployment, or of the dialect */
export async function logInToDeployment(base: string, user: string, password: string) {
  const sent = await runCurl(['-X', 'POST', '-u', `${user}:${password}`, `${base}/v1/users/login`])
  return loggedIn.parse(sent.json).users[0].token
}

/** A token as `get_token` gives one. @param base of a PBX, or of the dialect */
export async function logInToPbx(base: string, username: string, password: string) {
  const body = JSON.stringify({ username, password })
  const type = 'Content-Type: application/json'
  const sent = await runCurl(['-H', type, '--data', body, `${base}/openapi/v1.0/get_token`])
  return given.parse(sent.json).access_token
}

/** What a caller of the dialect brings along. */
export async function secretFor(world: DialectsWorld, dialect: DialectName, base: string) {
  const { adminToken } = world.server
  if (dialect === 'onprem') return logInToDeployment(base, SAMPLE.onprem.username, adminToken)
  return dialect === 'pbx' ? logInToPbx(base, SAMPLE.pbx.clientId, adminToken) : adminToken
}
