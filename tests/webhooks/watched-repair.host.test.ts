import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { type ServerProcess, startServer } from '../support/server.ts'

const HAS_SHELL = ['bash', 'curl'].every(
  (program) => spawnSync(program, ['--version']).error === undefined,
)
const TIMEOUT_MS = 60_000
const TRIES = 100
const PAUSE_MS = 100

const page = z.object({
  data: z.array(
    z.object({
      type: z.string(),
      actor: z.object({ kind: z.string(), id: z.string() }),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
})

let folder: string
let server: ServerProcess
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-watched-'))
  server = startServer({ PORT: '0', LATCHKEY_DATA: join(folder, '.latchkey') }, 'start.ts')
  await server.line('Stop with Ctrl-C')
})
afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.ended
  rmSync(folder, { recursive: true })
})

/** The commands that are printed below a line, each whole. */
function printedBelow(title: string): readonly string[] {
  const start = server.lines.findIndex((line) => line.includes(title))
  const commands: string[] = []
  let isContinued = false
  for (const line of server.lines.slice(start + 1)) {
    if (isContinued) commands.push(`${commands.pop()}\n${line}`)
    else if (line.startsWith('  curl ')) commands.push(line)
    else if (commands.length > 0) break
    isContinued = line.endsWith('\\')
  }
  return commands
}

function type(command: string): string {
  const token = server.lines.find((line) => line.includes('export LATCHKEY_TOKEN=')) ?? ''
  const shell = spawnSync('bash', ['-c', `${token}\n${command}`], { encoding: 'utf8' })
  expect([shell.status, shell.stderr], command).toEqual([0, ''])
  return shell.stdout
}

test.skipIf(!HAS_SHELL)(
  'the printed commands have the sandbox lose a key and show that it is published again (needs bash and curl)',
  async () => {
    const [publish = '', read = ''] = printedBelow('A number of the Cloud API')
    type(publish)
    const [lose = '', show = ''] = printedBelow('Have the Cloud API lose the key')
    expect(type(lose)).toBe('')
    const eventsNow = () => page.parse(JSON.parse(type(show))).data
    for (let tried = 0; tried < TRIES; tried += 1) {
      if (eventsNow().some((event) => event.type === 'key.repaired')) break
      await sleep(PAUSE_MS)
    }
    const events = eventsNow()
    expect(events.map((event) => event.type).slice(-6)).toEqual([
      'key.observed',
      'key.mismatch',
      'key.publish_requested',
      'key.published',
      'key.repaired',
      'key.observed',
    ])
    expect(events.find((event) => event.type === 'key.repaired')).toMatchObject({
      actor: { kind: 'webhook' },
      data: { cause: 'notice', loss: 'unset' },
    })
    expect(JSON.parse(type(read))).toMatchObject({ signatureStatus: 'valid', inSync: true })
  },
  TIMEOUT_MS,
)
