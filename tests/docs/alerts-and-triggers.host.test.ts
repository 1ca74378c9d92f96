import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TRIGGER_ACTIONS } from '@latchkey/core'
import { mintWebhookSecret, toUtf8, verifyWebhook } from '@latchkey/crypto'
import { systemRandom } from '@latchkey/platform'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mintChain } from '../api/harness/certificates.ts'

const page = readFileSync(new URL('../../docs/alerts-and-triggers.md', import.meta.url), 'utf8')
/** Stands in for curl: notes what it is called with, and the body. */
const CURL = '#!/bin/sh\nprintf "%s\\n" "$@" > "$NOTES/arguments"\ncat > "$NOTES/body"\n'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-hook-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the hook of the page signs what it sends', async () => {
  const hook = /^```sh hook\n([^]*?)^```$/m.exec(page)?.[1] ?? ''
  const { chain, key } = await mintChain()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('hook.sh'), hook)
  writeFileSync(at('chain.pem'), chain)
  writeFileSync(at('key.pem'), key)
  writeFileSync(at('curl'), CURL, { mode: 0o755 })
  const secret = mintWebhookSecret(systemRandom)
  const url = 'https://latchkey.example.com/v1/triggers/trg_0000000000000000'
  execFileSync('sh', [at('hook.sh'), at('chain.pem'), at('key.pem')], {
    env: {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      NOTES: folder,
      SECRET: secret,
      TRIGGER_URL: url,
    },
  })
  const given = readFileSync(at('arguments'), 'utf8').split('\n')
  const body = readFileSync(at('body'), 'utf8')
  expect(given).toContain(url)
  const headers = new Headers(
    given
      .filter((each) => /^[\w-]+: /.test(each))
      .map((each): [string, string] => {
        const [name = '', ...value] = each.split(': ')
        return [name, value.join(': ')]
      }),
  )
  const verdict = await verifyWebhook(
    { headers, body: toUtf8(body) },
    { secrets: [secret], now: Date.now() },
  )
  expect(verdict).toEqual({ verdict: 'genuine', id: headers.get('webhook-id') })
  expect(JSON.parse(body)).toEqual({ pem: chain, privateKey: key })
})

test('the page tells of every action that there is', () => {
  const told = [...page.matchAll(/^\| `([\w-]+)` /gm)].map(([, action]) => action)
  expect(told).toEqual([...TRIGGER_ACTIONS])
})
