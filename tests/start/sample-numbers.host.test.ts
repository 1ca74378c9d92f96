import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as z from 'zod'
import { type ServerProcess, startServer } from '../support/server.ts'

const TIMEOUT_MS = 60_000
const LABEL = '# A number of the Cloud API'
const connections = z.object({ data: z.array(z.object({ id: z.string() })).length(1) })

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-start-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a start has printed, once it serves. */
async function printed(during?: (server: ServerProcess) => Promise<void>): Promise<string> {
  const server = startServer({ PORT: '0', LATCHKEY_DATA: join(folder, '.latchkey') }, 'start.ts')
  try {
    await server.line('Stop with Ctrl-C')
    await during?.(server)
    return server.lines.join('\n')
  } finally {
    server.child.kill('SIGTERM')
    await server.ended
  }
}

async function discover(server: ServerProcess): Promise<void> {
  const text = server.lines.join('\n')
  const [, url = ''] = /^ {2}Latchkey +(\S+)$/m.exec(text) ?? []
  const [, token = ''] = /LATCHKEY_TOKEN=(\S+)/.exec(text) ?? []
  const headers = { authorization: `Bearer ${token}` }
  const listed = await fetch(`${url}/v1/connections?provider=graph`, { headers })
  const [{ id } = { id: '' }] = connections.parse(await listed.json()).data
  const init = { method: 'POST', headers }
  const discovered = await fetch(`${url}/v1/connections/${id}/discover`, init)
  expect(discovered.status, await discovered.text()).toBe(200)
}

test(
  'a start prints calls for its own sample number, also where its connection has others since',
  async () => {
    expect(await printed(discover)).toContain(LABEL)
    expect(await printed()).toContain(LABEL)
  },
  TIMEOUT_MS,
)
