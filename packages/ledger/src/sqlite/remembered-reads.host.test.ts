import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ledger, SECOND } from '@latchkey/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqliteLedger } from './open-sqlite-ledger.ts'

const KEY = { kind: 'token', id: 'tok_0000000000000001' } as const

function put(ledger: Ledger, state: unknown): Promise<null> {
  return ledger.mutate<unknown, null>(KEY, () => ({ result: null, next: state, labels: {} }))
}

async function stateIn(ledger: Ledger): Promise<unknown> {
  return (await ledger.read(KEY))?.state
}

describe('rememberReads()', () => {
  let folder: string
  let now = Date.UTC(2026, 9, 20)
  let here: Ledger
  let elsewhere: Ledger

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-reads-'))
    const path = join(folder, 'ledger.db')
    here = await openSqliteLedger({ path, now: () => now })
    elsewhere = await openSqliteLedger({ path })
  })
  afterAll(async () => {
    await here.close()
    await elsewhere.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('shows at once what was written here', async () => {
    await put(here, 1)
    expect(await stateIn(here)).toBe(1)
    await put(here, 2)
    expect(await stateIn(here)).toBe(2)
  })

  // Two processes share the file: what one has remembered, the other may have changed.
  test('shows at once what another connection has written', async () => {
    for (const state of ['a', 'b', 'c']) {
      await put(elsewhere, state)
      expect([await stateIn(here), await stateIn(here)]).toEqual([state, state])
    }
  })

  test('shows at once what was written here, to whom an older state is enough too', async () => {
    for (const state of ['d', 'e']) {
      await put(here, state)
      expect((await here.read(KEY, { consistency: 'bounded' }))?.state).toBe(state)
    }
  })

  test('shows a second later what another connection has written, to whom an older state is enough', async () => {
    const bounded = async () => (await here.read(KEY, { consistency: 'bounded' }))?.state
    await put(here, 'e')
    await here.read(KEY)
    await put(elsewhere, 'f')
    now += SECOND - 1
    expect(await bounded()).toBe('e')
    now += 1
    expect(await bounded()).toBe('f')
  })

  test('shows what is there after a change that failed', async () => {
    await put(here, 'kept')
    expect(await stateIn(here)).toBe('kept')
    const failing = here.mutate(KEY, () => {
      throw new Error('It is not to be')
    })
    await expect(failing).rejects.toThrow('It is not to be')
    expect(await stateIn(here)).toBe('kept')
  })

  test('shows nothing where an aggregate was buried, here or elsewhere', async () => {
    for (const ledger of [here, elsewhere]) {
      await put(here, 'there')
      expect(await stateIn(here)).toBe('there')
      await ledger.mutate(KEY, () => ({ result: null, next: null }))
      expect(await here.read(KEY)).toBeNull()
    }
  })

  test('reads an aggregate at the version that it has', async () => {
    await put(here, 'x')
    const before = await here.read(KEY)
    await put(elsewhere, 'y')
    const after = await here.read(KEY)
    expect(after?.version).toBe((before?.version ?? 0) + 1)
  })
})
