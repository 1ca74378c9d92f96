import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServerProcess, startServer } from '../support/server.ts'
import { asPrinted, expected, type Step, stepsOf } from './page.ts'

const PAGE = 'moving-off-onprem.md'
/** As the page has them, where the start listens if nobody says otherwise. */
const [LATCHKEY, SANDBOX] = ['http://localhost:8787', 'http://127.0.0.1:8788']
const HAS_SHELL = ['bash', 'curl'].every(
  (program) => spawnSync(program, ['--version']).error === undefined,
)
const TIMEOUT_MS = 60_000

let folder: string
let server: ServerProcess
let urls: readonly (readonly [onPage: string, here: string])[]
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
  server = startServer({ PORT: '0', LATCHKEY_DATA: join(folder, '.latchkey') }, 'start.ts')
  await server.line('Stop with Ctrl-C')
  const urlAfter = async (label: string) =>
    /http:\S+/.exec(await server.line(`  ${label}  `))?.[0] ?? ''
  urls = [
    [LATCHKEY, await urlAfter('Latchkey')],
    [SANDBOX, await urlAfter('Sandbox')],
  ]
})
afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.ended
  rmSync(folder, { recursive: true })
})

/** Types a block into a shell; what one exports, the next one has. */
async function type(commands: string): Promise<string> {
  const keeping = `set -eu; [ ! -f .env ] || . ./.env\n${commands}\nexport -p > .env`
  const shell = spawn('bash', ['-c', keeping], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors, [code]] = await Promise.all([
    textOf(shell.stdout),
    textOf(shell.stderr),
    once(shell, 'close'),
  ])
  expect([code, errors], commands).toEqual([0, ''])
  return output
}

/** `NAME=con_…` filled in as a reader does: with what was printed last of that kind. */
function filledIn(commands: string, outputs: readonly string[]): string {
  return commands.replaceAll(/=([a-z]+_)…/g, (_text, prefix: string) => {
    const kind = new RegExp(`(?<![\\w-])${prefix}[\\w-]+`)
    const found = outputs.flatMap((output) => kind.exec(output)?.[0] ?? []).at(-1)
    if (found === undefined) throw new Error(`Cannot fill in ${prefix}…: nothing printed one`)
    return `=${found}`
  })
}

/** What is typed for commands of the page, which name the usual ports. */
function typed(commands: string, outputs: readonly string[]): string {
  return urls.reduce(
    (text, [onPage, here]) => text.replaceAll(onPage, here),
    filledIn(commands, outputs),
  )
}

function expectPrinted({ commands, printed }: Step, output: string): void {
  if (printed === null) return
  const seen = urls.reduce((text, [onPage, here]) => text.replaceAll(here, onPage), output)
  expect(asPrinted(printed, seen), commands).toEqual(expected(printed))
}

test.skipIf(!HAS_SHELL)(
  'each command of the page on moving off the On-Premises API prints what it says there (needs bash and curl)',
  async () => {
    const [start, ...steps] = stepsOf(PAGE)
    if (start === undefined) throw new Error('Cannot test: the page has no commands')
    expect(start.commands).toBe('npx -y pnpm@12 start\n')
    const greeting = server.lines.findIndex((line) => line.startsWith('  Latchkey'))
    const outputs = [server.lines.slice(greeting).join('\n')]
    expectPrinted(start, outputs.join(''))
    for (const step of steps) {
      const output = await type(typed(step.commands, outputs))
      expectPrinted(step, output)
      outputs.push(output)
    }
    expect(steps.length).toBeGreaterThan(0)
  },
  TIMEOUT_MS,
)
