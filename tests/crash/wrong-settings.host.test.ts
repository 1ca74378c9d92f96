import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HARNESS_ENV } from '../api/harness/harness.ts'
import { startServer } from '../support/server.ts'

const SECRET = 'c2VjcmV0LXRoYXQtbm8tbG9nLW1heS1zaG93'
const keySet = (k: string) => JSON.stringify({ keys: [{ kty: 'oct', kid: 'k1', k }] })

let folder: string
let taken: Server
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-settings-'))
  await writeFile(join(folder, 'file'), '')
  await mkdir(join(folder, 'other'))
  await writeFile(join(folder, 'other', 'latchkey.db'), 'This is another program’s file')
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  taken.close()
  await rm(folder, { recursive: true, force: true })
})

/** A name, with the setting that is wrong and its value. */
const CASES: readonly (readonly [what: string, name: string, value: () => string])[] = [
  ['a port that is no number', 'PORT', () => 'abc'],
  ['a port that there is not', 'PORT', () => '65536'],
  ['a port that is in use', 'PORT', () => String(portOf(taken))],
  ['a port in another notation', 'PORT', () => '0x2253'],
  ['a host that is no name', 'HOST', () => 'not a host'],
  ['a host of somebody else', 'HOST', () => '192.0.2.1'],
  ['no keys', 'LATCHKEY_KEYS', () => ''],
  ['keys that are not JSON', 'LATCHKEY_KEYS', () => SECRET],
  ['a key of the wrong size', 'LATCHKEY_KEYS', () => keySet(SECRET)],
  ['no keys in the set', 'LATCHKEY_KEYS', () => '{"keys":[]}'],
  ['no admin token', 'LATCHKEY_ADMIN_TOKEN', () => ''],
  ['a short admin token', 'LATCHKEY_ADMIN_TOKEN', () => 'lk_short'],
  ['an admin token with a blank', 'LATCHKEY_ADMIN_TOKEN', () => `${SECRET} ${SECRET}`],
  ['private hosts by name', 'LATCHKEY_ALLOW_PRIVATE_HOSTS', () => 'intranet.example'],
  ['private hosts of no range', 'LATCHKEY_ALLOW_PRIVATE_HOSTS', () => '10.0.0.0/33'],
  ['upstream hosts with a scheme', 'LATCHKEY_UPSTREAM_HOSTS', () => 'https://graph.example/'],
  ['an issuer without an audience', 'LATCHKEY_OIDC_ISSUERS', () => 'https://login.example'],
  ['an issuer that is no URL', 'LATCHKEY_OIDC_ISSUERS', () => 'login|latchkey'],
  ['a rate limit in words', 'LATCHKEY_RATE_LIMIT', () => 'many'],
  ['a sweep that never ends', 'LATCHKEY_SWEEP_SECONDS', () => '1'],
  ['a key destroyed before its overlap', 'LATCHKEY_DESTROY_AFTER_SECONDS', () => '0'],
  ['a rate limit of none', 'LATCHKEY_RATE_LIMIT', () => '0'],
  ['a database that is away', 'DATABASE_URL', () => `postgres://u:${SECRET}@127.0.0.1:1/latchkey`],
  ['a database of another kind', 'DATABASE_URL', () => `mysql://u:${SECRET}@127.0.0.1/latchkey`],
  ['a database that is no URL', 'DATABASE_URL', () => `host=127.0.0.1 password=${SECRET}`],
  ['a database with a port that there is not', 'DATABASE_URL', () => `postgres://u:${SECRET}@h:x/`],
  ['a data folder that is a file', 'LATCHKEY_DATA', () => join(folder, 'file')],
  ['a data folder of another program', 'LATCHKEY_DATA', () => join(folder, 'other')],
]

describe('a wrong setting stops the start with one line that names it', () => {
  test.each(CASES)('%s: %s', async (_, name, value) => {
    const server = startServer({
      ...HARNESS_ENV,
      LATCHKEY_DATA: join(folder, 'data'),
      PORT: '0',
      [name]: value(),
    })
    // A start that goes through must not go on.
    const started = server.line('Latchkey serves').then(
      () => server.child.kill('SIGKILL'),
      () => false,
    )
    expect(await server.ended, server.lines.join('\n')).toBe(1)
    expect(await started).toBe(false)
    expect(server.lines).toHaveLength(1)
    expect(server.errors).toEqual(server.lines)
    expect(server.errors[0]).toMatch(new RegExp(`^Cannot start: ${name} `))
    expect(server.errors[0]).not.toContain(SECRET)
  })
})

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
