import { bundleSizes } from './bundle-sizes.ts'
import { cachedReadAt } from './cached-read.ts'
import { latchkeyIn, MOCK, onDeno, ROOT } from './latchkey.ts'
import type { Shot } from './loader.ts'
import { median } from './measure.ts'
import type { Program, Start } from './processes.ts'
import { type Site, withSite } from './site.ts'
import type { Bench, Row, Say } from './table/row.ts'
import { fileForWorkerd, latchkeyForWorkerd, startWorkerd } from './workerd.ts'

const ROUNDS = 9
/** On workerd; Deno, which runs the sources as they are, has a whole server to read before it listens. */
const WORKERD_BOUND = 2.5

/**
 * From the start of a process to its first answer, with a key that was published by an earlier one, against a bare
 * Hono route on the same runtime: in turns, the medians; and what the Worker weighs.
 */
export const benchStart: Bench = async (say) => {
  const rows: Row[] = []
  for (const [runtime, open] of [
    ['deno', openOnDeno],
    ['workerd', openOnWorkerd],
  ] as const) {
    say(`starting on ${runtime}, ${ROUNDS} times each`)
    const figures = await withSite(async (site) => compare(await open(site), say))
    rows.push(...rowsOf(runtime, figures))
  }
  return [...rows, ...bundleSizes()]
}

interface Candidate {
  readonly open: () => Promise<Program>
  /** What it is asked first, whichever port it has this time. */
  readonly request: (url: string) => Shot
}

/** What is started, by what it is told as. */
interface Candidates {
  readonly bare: Candidate
  /** Whether it lives: an answer, and no more. */
  readonly health: Candidate
  /** An authenticated read of a key that is stored. */
  readonly key: Candidate
}

const READ_PATH = '/v1/numbers/num_0/encryption-key'
const bareRequest = (url: string): Shot => ({ url: url + READ_PATH, headers: {} })
const healthRequest = (url: string): Shot => ({ url: `${url}/healthz`, headers: {} })

/** Has a process publish a key, and ends it; another one is then asked for that. */
async function published(
  open: () => Promise<Program>,
  mock: Program,
): Promise<Candidate['request']> {
  const program = await open()
  const { url, headers } = await cachedReadAt(program.url, mock.url)
  await program.stop()
  const { pathname } = new URL(url)
  return (at) => ({ url: at + pathname, headers })
}

async function openOnDeno({ folder, start }: Site): Promise<Candidates> {
  const [deno] = onDeno('')
  const flags = ['--node-modules-dir=manual', '--no-lock', '--host=127.0.0.1', '--port=0']
  const bare: Parameters<Start> = [
    [deno, 'serve', '-A', ...flags, 'tests/bench/bare.ts'],
    { cwd: ROOT, pattern: /(http:\/\/[\d.]+:\d+)/ },
  ]
  const open = () => start(...latchkeyIn(folder))
  return {
    bare: { open: () => start(...bare), request: bareRequest },
    health: { open, request: healthRequest },
    key: { open, request: await published(open, await start(...MOCK)) },
  }
}

async function openOnWorkerd(site: Site): Promise<Candidates> {
  const bare = await fileForWorkerd(site, 'bare')
  const latchkey = await latchkeyForWorkerd(site)
  const open = () => startWorkerd(site, latchkey)
  return {
    bare: { open: () => startWorkerd(site, bare), request: bareRequest },
    health: { open, request: healthRequest },
    key: { open, request: await published(open, await site.start(...MOCK)) },
  }
}

type Figures = Readonly<Record<keyof Candidates, number>>

async function compare(candidates: Candidates, say: Say): Promise<Figures> {
  const { bare, health, key } = candidates
  const figures = { bare: [] as number[], health: [] as number[], key: [] as number[] }
  // The first of each finds its files on the disk, all others in memory.
  for (const each of [bare, health, key]) await firstAnswer(each)
  for (let round = 0; round < ROUNDS; round += 1) {
    figures.bare.push(await firstAnswer(bare))
    figures.health.push(await firstAnswer(health))
    figures.key.push(await firstAnswer(key))
  }
  const medians = {
    bare: median(figures.bare),
    health: median(figures.health),
    key: median(figures.key),
  }
  say(`  ${JSON.stringify(medians)}`)
  return medians
}

/** Milliseconds. @throws Error where it is answered anything but 200 */
async function firstAnswer({ open, request }: Candidate): Promise<number> {
  const began = performance.now()
  const program = await open()
  const { url, headers } = request(program.url)
  const response = await fetch(url, { headers })
  const text = await response.text()
  const took = performance.now() - began
  await program.stop()
  if (response.status !== 200) throw new Error(`Cannot start: ${text}`)
  return took
}

function rowsOf(runtime: string, { bare, health, key }: Figures): readonly Row[] {
  const id = `start/${runtime}`
  const row = { unit: 'ms', bound: null, direction: 'at most' } as const
  const ratio = { unit: '×', direction: 'at most' } as const
  return [
    {
      ...ratio,
      id,
      what: 'From the start of a process to its first answer, against a bare Hono route',
      value: health / bare,
      bound: runtime === 'workerd' ? WORKERD_BOUND : null,
    },
    {
      ...ratio,
      id: `${id}/key`,
      what: 'The same where that is an authenticated read of a stored key',
      value: key / bare,
      bound: null,
    },
    { ...row, id: `${id}/bare/ms`, what: 'The bare route', value: bare },
    { ...row, id: `${id}/ms`, what: 'Latchkey', value: health },
    { ...row, id: `${id}/key/ms`, what: 'Latchkey, with a key', value: key },
  ]
}
