import { spawn, spawnSync } from 'node:child_process'
import type { Loader } from './loader.ts'
import { loadFromHere } from './own-load.ts'

/** `wrk` where it is installed, else a loader in a process of its own; and what it is called. */
export function chooseLoader(): { readonly name: string; readonly load: Loader } {
  const hasWrk = spawnSync('wrk', ['--version']).error === undefined
  return hasWrk
    ? { name: 'wrk', load: loadByWrk }
    : { name: 'a loader of its own', load: loadFromHere }
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 }

const loadByWrk: Loader = async ({ url, headers }, { clients, seconds }) => {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const size = ['-t1', `-c${clients}`, `-d${seconds}s`, '--latency']
  const text = await outputOf('wrk', [...size, ...given, url])
  const wrong = /^ *(?:Non-2xx|Socket errors).*$/m.exec(text)?.[0]
  if (wrong !== undefined) throw new Error(`Cannot load ${url}: ${wrong.trim()}`)
  const [, p99 = '', unit = ''] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? []
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1])
  return { perSecond, p99: Number(p99) * (UNITS[unit] ?? Number.NaN) }
}

function outputOf(command: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(text)
      else reject(new Error(`Cannot run ${command}: it ended with ${code}`))
    })
  })
}
