import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { expect } from 'vitest'
import { startServer } from '../support/server.ts'
import { asPrinted, endingOf, expected, type Step, stepsOf } from './page.ts'

/** As the pages have them, where the start listens if nobody says otherwise. */
const [LATCHKEY, SANDBOX] = ['http://localhost:8787', 'http://127.0.0.1:8788']

/** A block that waits for something waits no longer. */
const BLOCK_MS = 30_000

/** What a page has, and what stands for it in a test. */
type Replacement = readonly [onPage: string, here: string]

/** Whether this machine has what a page is typed into. */
export function hasPrograms(...programs: readonly string[]): boolean {
  return ['bash', 'curl', ...programs].every(
    (program) => spawnSync(program, ['--help']).error === undefined,
  )
}

/**
 * Does what a page says: starts Latchkey with its sandbox in a folder of its own, then types each block into a shell and
 * compares what it prints with what stands below it. Fails at the first that differs.
 */
export async function walk(page: string, further: readonly Replacement[] = []): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'))
  const server = startServer({ PORT: '0', LATCHKEY_DATA: join(folder, '.latchkey') }, 'start.ts')
  try {
    await server.line('Stop with Ctrl-C')
    const urlAfter = async (label: string) =>
      /http:\S+/.exec(await server.line(`  ${label}  `))?.[0] ?? ''
    const replaced: readonly Replacement[] = [
      [LATCHKEY, await urlAfter('Latchkey')],
      [SANDBOX, await urlAfter('Sandbox')],
      ...further,
    ]
    const greeting = server.lines.findIndex((line) => line.startsWith('  Latchkey'))
    await typeAll(stepsOf(page), {
      folder,
      replaced,
      greeting: server.lines.slice(greeting).join('\n'),
    })
  } finally {
    server.child.kill('SIGTERM')
    await server.ended
    endPrograms(folder)
    rmSync(folder, { recursive: true })
  }
}

/** Ends what a page has started and noted as `….pid`, where its own commands did not come to that. */
export function endPrograms(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.pid'))) {
    process.kill(Number(readFileSync(join(folder, name), 'utf8')))
  }
}

export interface Place {
  readonly folder: string
  readonly replaced: readonly Replacement[]
  /** What the start has printed. */
  readonly greeting: string
}

async function typeAll([start, ...steps]: readonly Step[], place: Place): Promise<void> {
  if (start === undefined) throw new Error('Cannot test: the page has no commands')
  expect(start.commands).toBe('npx -y pnpm@12 start\n')
  expectPrinted(start, place.greeting, place)
  await typeSteps(steps, place)
}

/** Types each block and compares what it prints. */
export async function typeSteps(steps: readonly Step[], place: Place): Promise<void> {
  const outputs = [place.greeting]
  for (const step of steps) {
    const output = await type(typed(step.commands, outputs, place), place.folder)
    expectPrinted(step, output, place)
    outputs.push(output)
  }
  expect(steps.length).toBeGreaterThan(0)
}

/** Types a block into a shell; what one exports or defines, the next one has. */
async function type(commands: string, folder: string): Promise<string> {
  const keeping = `set -eu; [ ! -f .env ] || . ./.env\n${commands}\n{ export -p; declare -f; } > .env`
  const shell = spawn('bash', ['-c', keeping], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: BLOCK_MS,
  })
  const [output, errors] = await Promise.all([
    textOf(shell.stdout),
    textOf(shell.stderr),
    once(shell, 'close'),
  ])
  expect([shell.exitCode, errors], commands).toEqual([0, ''])
  return output
}

/** What is typed for commands of a page: with the ports of here, and `=con_…` filled in as a reader does. */
function typed(commands: string, outputs: readonly string[], { replaced }: Place): string {
  const filled = commands.replaceAll(/=([a-z]+_)…/g, (_text, prefix: string) => {
    const kind = new RegExp(`(?<![\\w-])${prefix}${endingOf(prefix)}`)
    const found = outputs.flatMap((output) => kind.exec(output)?.[0] ?? []).at(-1)
    if (found === undefined) throw new Error(`Cannot fill in ${prefix}…: nothing printed one`)
    return `=${found}`
  })
  return replaced.reduce((text, [onPage, here]) => text.replaceAll(onPage, here), filled)
}

function expectPrinted({ commands, printed }: Step, output: string, { replaced }: Place): void {
  if (printed === null) return
  const seen = replaced.reduce((text, [onPage, here]) => text.replaceAll(here, onPage), output)
  expect(asPrinted(printed, seen), commands).toEqual(expected(printed))
}
