import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chainOf } from '../suite/samples.ts'
import { firstBreak } from '../suite/verify.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'

const key = { kind: 'token', id: 'tok_shared' } as const
const script = fileURLToPath(new URL('writer.fixture.ts', import.meta.url))
const runtime = 'Deno' in globalThis ? ['run', '-A', '--no-lock', '--node-modules-dir=manual'] : []

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  path = join(folder, 'ledger.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

type Writer = ChildProcessByStdio<null, Readable, null>

function startWriter(times: number): Writer {
  return spawn(process.execPath, [...runtime, script, path, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Kills a writer once it has said so many versions; gives the last that it said. */
async function killAfter(writer: Writer, commits: number): Promise<number> {
  const exit = once(writer, 'close')
  let last = 0
  let said = 0
  for await (const line of createInterface(writer.stdout)) {
    last = Number(line)
    said += 1
    if (said === commits) writer.kill('SIGKILL')
  }
  await exit
  return last
}

/** Whatever was interrupted: what is there is whole, and follows from what was there before. */
async function expectWhole(atLeast: number): Promise<number> {
  const ledger = await openSqliteLedger({ path })
  const stored = await ledger.read<{ count: number }>(key)
  const version = stored?.version ?? 0
  expect(version).toBeGreaterThanOrEqual(atLeast)
  expect(stored?.state.count).toBe(version)
  const events = await chainOf(ledger, key)
  expect(events).toHaveLength(version)
  expect(firstBreak(events)).toBeNull()
  expect(await ledger.nextDue()).toBe(version)
  const where = { parity: version % 2 === 0 ? 'even' : 'odd' }
  expect((await ledger.list({ kind: 'token', where, limit: 2 })).items).toHaveLength(1)
  await ledger.close()
  return version
}

test('two processes write to one file, and neither loses a commit', async () => {
  const writers = [startWriter(100), startWriter(100)]
  const exits = await Promise.all(
    writers.map(async (writer) => {
      const exit = once(writer, 'close')
      writer.stdout.resume()
      return exit
    }),
  )
  expect(exits.map(([code]) => Number(code))).toEqual([0, 0])
  expect(await expectWhole(200)).toBe(200)
})

// The power does not fail politely: the process is killed between, or within, its commits.
test('a killed process leaves a whole prefix with everything it had acknowledged', async () => {
  let version = 0
  for (const commits of [1, 17, 60]) {
    const acknowledged = await killAfter(startWriter(100_000), commits)
    expect(acknowledged).toBeGreaterThanOrEqual(version + commits)
    version = await expectWhole(acknowledged)
  }
})
