import { cachedReadAt, NO_LIMIT_IN_PRACTICE } from './cached-read.ts'
import { latchkeyIn, MOCK, onDeno, ROOT } from './latchkey.ts'
import { chooseLoader } from './load.ts'
import type { Loader, Shot } from './loader.ts'
import { median } from './measure.ts'
import { type Site, withSite } from './site.ts'
import type { Bench, Row, Say } from './table/row.ts'
import { fileOnWorkerd, latchkeyOnWorkerd } from './workerd.ts'

const ROUNDS = 5
const SECONDS = 3
/** Compilers take that long to be done with what is read this often. */
const WARM_UP_SECONDS = 10
const CLIENTS = 16
const RATIO_AIM = 0.6
const RATIO_BOUNDS = { deno: 0.2, workerd: 0.3 } as const
/** Milliseconds. */
const P99_BOUND = 5

/**
 * How many cached reads of a key a second, each authenticated, against a bare Hono route that answers as much JSON on
 * the same runtime: in turns, the median of the ratios; and how long one takes for a client that is alone.
 */
export const benchRead: Bench = async (say) => {
  const loader = chooseLoader()
  const onRuntime = (runtime: keyof typeof RATIO_BOUNDS, open: (site: Site) => Promise<Pair>) =>
    withSite(async (site) => {
      say(`reading on ${runtime}, loaded by ${loader.name}`)
      return rowsOf(runtime, await measure(await open(site), loader.load, say))
    })
  return [...(await onRuntime('deno', openOnDeno)), ...(await onRuntime('workerd', openOnWorkerd))]
}

interface Pair {
  readonly bare: Shot
  readonly read: Shot & { readonly refresh: () => Promise<void> }
}

const READ_PATH = '/v1/numbers/num_0/encryption-key'

async function openOnDeno({ folder, start }: Site): Promise<Pair> {
  const [deno] = onDeno('')
  const flags = ['--node-modules-dir=manual', '--no-lock', '--host=127.0.0.1', '--port=0']
  const bare = await start([deno, 'serve', '-A', ...flags, 'tests/bench/bare.ts'], {
    cwd: ROOT,
    pattern: /(http:\/\/[\d.]+:\d+)/,
  })
  const mock = await start(...MOCK)
  const latchkey = await start(...latchkeyIn(folder, NO_LIMIT_IN_PRACTICE))
  const read = await cachedReadAt(latchkey.url, mock.url)
  return { bare: { url: bare.url + READ_PATH, headers: {} }, read }
}

async function openOnWorkerd(site: Site): Promise<Pair> {
  const bare = await fileOnWorkerd(site, 'bare')
  const mock = await site.start(...MOCK)
  const latchkey = await latchkeyOnWorkerd(site, NO_LIMIT_IN_PRACTICE)
  const read = await cachedReadAt(latchkey.url, mock.url)
  return { bare: { url: bare.url + READ_PATH, headers: {} }, read }
}

interface Measured {
  readonly bare: readonly number[]
  readonly read: readonly number[]
  readonly p99: number
  readonly bareP99: number
}

async function measure({ bare, read }: Pair, load: Loader, say: Say): Promise<Measured> {
  const figures = { bare: [] as number[], read: [] as number[] }
  const loaded = { clients: CLIENTS, seconds: SECONDS }
  const timeAlone = async (shot: Shot) => {
    const alone = { clients: 1, seconds: SECONDS }
    await load(shot, alone)
    return load(shot, alone)
  }
  await read.refresh()
  // Before the heap is full of what many clients left there.
  const [{ p99 }, { p99: bareP99 }] = [await timeAlone(read), await timeAlone(bare)]
  await read.refresh()
  for (const shot of [bare, read]) await load(shot, { ...loaded, seconds: WARM_UP_SECONDS })
  for (let round = 0; round < ROUNDS; round += 1) {
    const ofBare = await load(bare, loaded)
    await read.refresh()
    const ofRead = await load(read, loaded)
    figures.bare.push(ofBare.perSecond)
    figures.read.push(ofRead.perSecond)
    say(`  ${Math.round(ofRead.perSecond)} of ${Math.round(ofBare.perSecond)} a second`)
  }
  return { ...figures, p99, bareP99 }
}

function rowsOf(
  runtime: keyof typeof RATIO_BOUNDS,
  { bare, read, p99, bareP99 }: Measured,
): readonly Row[] {
  const id = `read/${runtime}`
  const ratios = read.map((perSecond, round) => perSecond / (bare[round] ?? Number.NaN))
  const row = { unit: '/s', bound: null, direction: 'at least' } as const
  return [
    {
      id,
      what: `Cached, authenticated reads of a key, against a bare Hono route, ${CLIENTS} clients`,
      value: median(ratios),
      unit: '×',
      bound: RATIO_BOUNDS[runtime],
      aim: RATIO_AIM,
      direction: 'at least',
    },
    { ...row, id: `${id}/latchkey`, what: 'Reads', value: median(read) },
    { ...row, id: `${id}/bare`, what: 'Requests of the bare route', value: median(bare) },
    {
      id: `${id}/p99`,
      what: 'A read takes, one client: 99 %',
      value: p99,
      unit: 'ms',
      bound: P99_BOUND,
      direction: 'at most',
    },
    {
      id: `${id}/bare/p99`,
      what: 'A request of the bare route, the same way',
      value: bareP99,
      unit: 'ms',
      bound: null,
      direction: 'at most',
    },
  ]
}
