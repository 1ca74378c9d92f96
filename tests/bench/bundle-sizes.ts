import { spawnSync } from 'node:child_process'
import { ROOT } from './latchkey.ts'
import type { Row } from './table/row.ts'

const EAGER_BOUND = 130

/** What the check of the bundle weighs: before a first answer, and what is loaded when it is asked for. */
export function bundleSizes(): readonly Row[] {
  const { stdout, stderr } = spawnSync('node', ['tools/check-bundle.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const sizeOf = (part: string): number => {
    const size = new RegExp(`^${part}: ([\\d.]+) kB`, 'm').exec(stdout)?.[1]
    if (size === undefined) throw new Error(`Cannot weigh the Worker: ${stderr}`)
    return Number(size)
  }
  const row = { unit: 'KB', direction: 'at most' } as const
  return [
    {
      ...row,
      id: 'start/workerd/eager',
      what: 'What the Worker loads before a first answer, after gzip',
      value: sizeOf('eager'),
      bound: EAGER_BOUND,
    },
    {
      ...row,
      id: 'start/workerd/lazy',
      what: 'What it loads when it is asked for, after gzip',
      value: sizeOf('lazy'),
      bound: null,
    },
  ]
}
