import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { ROOT } from './latchkey.ts'
import type { Program, Start } from './processes.ts'
import type { Site } from './site.ts'

const WRANGLER = createRequire(
  createRequire(`${ROOT}package.json`).resolve('wrangler/package.json'),
)
/** The program itself, which the package puts in the place of its script where it can. */
const WORKERD = join(WRANGLER.resolve('workerd/package.json'), '../bin/workerd')

/** A Worker as workerd serves it: the modules of a folder, `worker.js` the first. */
export interface Served {
  readonly dist: string
  readonly text?: Readonly<Record<string, string>>
  /** A class of Durable Objects, by its binding; kept on the disk, below the site's folder. */
  readonly objects?: Readonly<Record<string, string>>
}

/** Latchkey as it is deployed, built into the site's folder. */
export async function latchkeyOnWorkerd(
  site: Site,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  return startWorkerd(site, await latchkeyForWorkerd(site, env))
}

/** How that is started, as often as one likes. */
export async function latchkeyForWorkerd(
  { folder }: Site,
  env: Readonly<Record<string, string>> = {},
): Promise<Parameters<Start>> {
  const dist = join(folder, 'dist')
  build(['node', 'apps/worker/build/main.ts', dist])
  const text = { ...HARNESS_ENV, ...env }
  return prepare(folder, 'latchkey', { dist, text, objects: { LEDGER: 'LatchkeyObject' } })
}

/** A file of this folder, bundled as a Worker. */
export async function fileOnWorkerd(
  site: Site,
  name: string,
  objects: Served['objects'] = {},
): Promise<Program> {
  return startWorkerd(site, await fileForWorkerd(site, name, objects))
}

/** How that is started, as often as one likes. */
export async function fileForWorkerd(
  { folder }: Site,
  name: string,
  objects: Served['objects'] = {},
): Promise<Parameters<Start>> {
  const dist = join(folder, `dist-${name}`)
  const options = ['--platform', 'neutral', '--format', 'esm', '--minify']
  const out = ['--file', join(dist, 'worker.js'), '--external', 'cloudflare:workers']
  build(['apps/worker/node_modules/.bin/rolldown', `tests/bench/${name}.ts`, ...options, ...out])
  return prepare(folder, name, { dist, objects })
}

/** Starts what was prepared by one of those. */
export async function startWorkerd({ start }: Site, prepared: Parameters<Start>): Promise<Program> {
  const program = await start(...prepared)
  return { ...program, url: `http://127.0.0.1:${program.url}` }
}

function build([file, ...rest]: readonly [string, ...string[]]): void {
  const { status, stderr } = spawnSync(file, rest, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`Cannot build a Worker: ${stderr}`)
}

async function prepare(folder: string, name: string, served: Served): Promise<Parameters<Start>> {
  const state = join(folder, `state-${name}`)
  await mkdir(state)
  const config = join(served.dist, 'workerd.capnp')
  await writeFile(config, await configFor(served, state))
  // It tells the port that it was given on this file descriptor.
  const command = [WORKERD, 'serve', config, '--control-fd=1'] as const
  return [command, { cwd: ROOT, pattern: /"socket":"http","port":(\d+)/ }]
}

async function configFor(
  { dist, text = {}, objects = {} }: Served,
  state: string,
): Promise<string> {
  const files = (await readdir(dist)).filter((file) => file.endsWith('.js'))
  // The first is the one that serves.
  const modules = files
    .toSorted((one, other) => Number(other === 'worker.js') - Number(one === 'worker.js'))
    .map((file) => `(name = ${quoted(file)}, esModule = embed ${quoted(file)})`)
  const bindings = [
    ...Object.entries(text).map(
      ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
    ),
    ...Object.entries(objects).map(
      ([name, value]) => `(name = ${quoted(name)}, durableObjectNamespace = ${quoted(value)})`,
    ),
  ]
  const namespaces = Object.values(objects).map(
    (name) => `(className = ${quoted(name)}, uniqueKey = ${quoted(name)}, enableSql = true)`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "state", disk = (path = ${quoted(state)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "worker")],
);

const worker :Workerd.Worker = (
  modules = [
    ${modules.join(',\n    ')},
  ],
  compatibilityDate = ${quoted(await compatibilityDate())},
  compatibilityFlags = ["nodejs_compat"],
  bindings = [${bindings.join(', ')}],
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (localDisk = "state"),
);
`
}

/** The one that Latchkey is deployed with. */
async function compatibilityDate(): Promise<string> {
  const config = await readFile(join(ROOT, 'apps/worker/wrangler.jsonc'), 'utf8')
  const date = /"compatibility_date": "([\d-]+)"/.exec(config)?.[1]
  if (date === undefined) throw new Error('Cannot serve: wrangler.jsonc has no compatibility date')
  return date
}

/** A text of Cap'n Proto, which is escaped as one of C; what JSON escapes beyond that is not in any of these. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
