import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { EVENT_TYPES, TRIGGER_ACTIONS } from '@latchkey/core'
import { expect, test } from 'vitest'
import { hasPrograms, walk } from './walk.ts'

const PAGE = 'webhooks.md'
const RECEIVER = 'http://127.0.0.1:9000'
const TIMEOUT_MS = 120_000

const page = readFileSync(new URL(`../../docs/${PAGE}`, import.meta.url), 'utf8')

function section(title: string): string {
  const [, text = ''] = page.split(`\n${title}\n`)
  return text.split('\n## ')[0] ?? ''
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('Cannot find a port')
  return address.port
}

test.skipIf(!hasPrograms('openssl', 'node'))(
  'each command of the page on webhooks prints what it says there (needs bash, curl, openssl and node)',
  async () => walk(PAGE, [[RECEIVER, `http://127.0.0.1:${await freePort()}`]]),
  TIMEOUT_MS,
)

test('the page tells of every type of event that there is, and of no other', () => {
  const told = [...section('## 6. Types of events').matchAll(/^\|(.*?)\|/gm)].flatMap(
    ([, types = '']) => [...types.matchAll(/`(.*?)`/g)].map(([, type = '']) => type),
  )
  expect(told.toSorted()).toEqual(EVENT_TYPES.toSorted())
})

test('the page tells of every action that a trigger can have', () => {
  const told = [...section('## 4. Triggers').matchAll(/^\| `([\w-]+)` /gm)]
  expect(told.map(([, action]) => action)).toEqual([...TRIGGER_ACTIONS])
})
