import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, totalmem } from 'node:os'
import * as z from 'zod'
import type { Circumstances } from './results.ts'

const GIB = 2 ** 30
const DATE = 'YYYY-MM-DD'.length
const root = createRequire(new URL('../../../package.json', import.meta.url))
const wrangler = createRequire(root.resolve('wrangler/package.json'))
const description = z.object({ version: z.string() })

function versionOf(require: NodeJS.Require, name: string): string {
  const text = readFileSync(require.resolve(`${name}/package.json`), 'utf8')
  return description.parse(JSON.parse(text)).version
}

/** This machine as far as it matters for what is measured, what runs on it, and today. */
export function circumstances(): Circumstances {
  const model = cpus()[0]?.model ?? 'unknown processor'
  const memory = `${Math.round(totalmem() / GIB)} GB`
  const versions = [
    `Node ${process.versions.node}`,
    `Deno ${versionOf(root, 'deno')}`,
    `workerd ${versionOf(wrangler, 'workerd')}`,
  ]
  const date = new Date().toISOString().slice(0, DATE)
  return `${date}: ${model}, ${availableParallelism()} cores, ${memory}; ${versions.join(', ')}.`
}
