import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AggregateKey, Fault } from '@latchkey/core'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type NodeDatabase, openDatabase } from './database.ts'
import { groupCommit, type GroupCommit, spaced } from './group-commit.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-group-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('groupCommit()', () => {
  let db: NodeDatabase
  let group: GroupCommit
  beforeEach(() => {
    db = openDatabase(':memory:')
    db.run('CREATE TABLE kept (value INTEGER NOT NULL UNIQUE)')
    group = groupCommit(db, setImmediate)
  })
  afterEach(() => db.close())

  const put = (value: number) => db.run('INSERT INTO kept (value) VALUES (?)', value)
  const kept = () => db.all('SELECT value FROM kept ORDER BY value').map(({ value }) => value)

  test('commits what is asked for in one turn together, and answers each', async () => {
    const answers = [1, 2, 3].map((value) =>
      group.commit(() => {
        put(value)
        return kept().length
      }),
    )
    expect(kept()).toEqual([])
    expect(await Promise.all(answers)).toEqual([1, 2, 3])
    expect(kept()).toEqual([1, 2, 3])
  })

  test.each([1, 3])('undoes one that fails, of %i at once, and nothing else', async (count) => {
    const answers = Array.from({ length: count }, (_, value) =>
      group.commit(() => {
        put(value)
        if (value === 0) throw new Fault('conflict', 'Not this one')
      }),
    )
    const outcomes = await Promise.allSettled(answers)
    expect(outcomes.map(({ status }) => status)).toEqual(
      ['rejected', 'fulfilled', 'fulfilled'].slice(0, count),
    )
    expect(kept()).toEqual([1, 2].slice(0, count - 1))
    expect(db.isOpen()).toBe(false)
  })

  // Where the whole is undone, nobody may be told that their part is safe.
  test('fails all where the commit itself fails', async () => {
    db.run('PRAGMA foreign_keys = ON')
    db.run('CREATE TABLE child (id INTEGER REFERENCES kept (value) DEFERRABLE INITIALLY DEFERRED)')
    const answers = [
      group.commit(() => put(1)),
      group.commit(() => db.run('INSERT INTO child (id) VALUES (99)')),
    ]
    const outcomes = await Promise.allSettled(answers)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(kept()).toEqual([])
    await group.commit(() => put(2))
    expect(kept()).toEqual([2])
  })
})

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('spaced()', () => {
  const LONG_MS = 200

  /** The sizes of the groups that come of commits which are asked for one turn of the event loop after another. */
  async function groupsOf(first: number, then: number): Promise<readonly number[]> {
    const groups: number[] = []
    let size = 0
    const db = openDatabase(':memory:')
    const counting: NodeDatabase = {
      ...db,
      transaction(body) {
        size = 0
        const result = db.transaction(body)
        groups.push(size)
        return result
      },
    }
    const group = groupCommit(counting, spaced(LONG_MS))
    const count = () => (size += 1)
    await Promise.all(Array.from({ length: first }, () => group.commit(count)))
    const answers: Promise<number>[] = []
    for (let turn = 0; turn < then; turn += 1) {
      answers.push(group.commit(count))
      await nextTurn()
      await nextTurn()
    }
    await Promise.all(answers)
    db.close()
    return groups
  }

  test('commits together what comes in the moment after many were', async () => {
    expect(await groupsOf(2, 3)).toEqual([2, 3])
  })

  test('does not let one wait that comes alone after one', async () => {
    expect(await groupsOf(1, 3)).toEqual([1, 1, 1, 1])
  })
})

test('a ledger that is closed has committed what it was given', async () => {
  const ledger = await openSqliteLedger({ path: ':memory:' })
  const key: AggregateKey = { kind: 'token', id: 'tok_1' }
  const answer = ledger.mutate(key, () => ({ result: 'done', next: { kept: true } }))
  await ledger.close()
  expect(await answer).toBe('done')
})

test('a ledger that is closed while a group waits has committed it', async () => {
  const ledger = await openSqliteLedger({ path: join(folder, 'closed.db') })
  const put = (id: string) =>
    ledger.mutate({ kind: 'token', id }, () => ({ result: id, next: { kept: true }, labels: {} }))
  await Promise.all([put('tok_1'), put('tok_2')])
  const answer = put('tok_3')
  await ledger.close()
  expect(await answer).toBe('tok_3')
})
