import { expect, test } from 'vitest'
import { openDatabase } from '../sqlite/database.ts'
import { type Migration, migrate } from './migrate.ts'

const first: Migration = [
  'CREATE TABLE notes (text TEXT NOT NULL)',
  `INSERT INTO notes (text) VALUES ('kept')`,
]
const second: Migration = ['ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3']
const failing: Migration = ['DELETE FROM notes', 'ALTER TABLE absent ADD COLUMN stars INTEGER']

const to = (...migrations: Migration[]) => ({ schema: 'notes', migrations, where: 'the test' })

test('migrate() takes only the steps that are missing', () => {
  const db = openDatabase(':memory:')
  migrate(db, to(first))
  migrate(db, to(first, second))
  migrate(db, to(first, second))
  expect(db.all('SELECT text, stars FROM notes')).toMatchObject([{ text: 'kept', stars: 3 }])
  db.close()
})

test('migrate() leaves everything as it was where a step fails', () => {
  const db = openDatabase(':memory:')
  migrate(db, to(first))
  expect(() => migrate(db, to(first, failing))).toThrow(
    expect.objectContaining({ code: 'internal' }),
  )
  expect(db.all('SELECT text FROM notes')).toMatchObject([{ text: 'kept' }])
  migrate(db, to(first, second))
  expect(db.all('SELECT stars FROM notes')).toHaveLength(1)
  db.close()
})

test('migrate() keeps schemas of different names apart', () => {
  const db = openDatabase(':memory:')
  migrate(db, to(first))
  migrate(db, { ...to(['CREATE TABLE more (text TEXT)']), schema: 'more' })
  expect(db.all('SELECT name, version FROM ledger_schemas ORDER BY name')).toMatchObject([
    { name: 'more', version: 1 },
    { name: 'notes', version: 1 },
  ])
  db.close()
})

test('migrate() rejects a schema that a newer program has laid', () => {
  const db = openDatabase(':memory:')
  migrate(db, to(first, second))
  expect(() => migrate(db, to(first))).toThrow(
    'Cannot open the test: its notes schema is version 2, this program knows up to 1',
  )
  db.close()
})
