import type { Clock } from '@latchkey/core'
import { createSandboxCore, type SandboxCore } from './core.ts'
import type { World } from './world.ts'

/** How many worlds are kept besides the first; the one that began longest ago makes room. */
const CAPACITY = 256

const SPACE = /^\/spaces\/[\w-]{1,64}(?=\/|$)/

export interface Spaces {
  /** The world that a path belongs to. */
  find(path: string): SandboxCore
}

/** Worlds apart that share a port: each has its own state, faults, records and clock. */
export function createSpaces(clock: Clock, seed: World): Spaces {
  const root = createSandboxCore({ clock, seed, prefix: '' })
  const named = new Map<string, SandboxCore>()
  return {
    find(path) {
      const prefix = SPACE.exec(path)?.[0]
      if (prefix === undefined) return root
      const known = named.get(prefix)
      if (known !== undefined) return known
      const [oldest] = named.keys()
      if (named.size >= CAPACITY && oldest !== undefined) named.delete(oldest)
      const core = createSandboxCore({ clock, seed, prefix })
      named.set(prefix, core)
      return core
    },
  }
}

/** @throws RangeError for a name that cannot stand in a path as it is */
export function spacePrefix(name: string): string {
  const prefix = `/spaces/${name}`
  if (SPACE.exec(prefix)?.[0] === prefix) return prefix
  throw new RangeError(`Cannot name a space "${name}": letters, digits, - and _ only, at most 64`)
}
