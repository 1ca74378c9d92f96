import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOf, commandsOf, onlyBlock } from './blocks.ts'
import { hasPrograms } from './walk.ts'

const PAGE = 'deploy-deno.md'
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const INSTALLED = '/opt/latchkey'
const PORT = '8790'
const TIMEOUT_MS = 60_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-deploy-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('Cannot find a port')
  return String(address.port)
}

test.skipIf(!hasPrograms('openssl'))(
  'Latchkey serves with the settings that the page makes (needs bash, curl and openssl)',
  async () => {
    for (const name of ['apps', 'packages', 'node_modules', 'package.json']) {
      symlinkSync(join(ROOT, name), join(folder, name))
    }
    const port = await freePort()
    const commands = commandsOf(PAGE, null).join('\n').replaceAll(PORT, port)
    const typed = spawnSync('bash', ['-c', `set -eu\n${commands}\nwait`], {
      cwd: folder,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      env: { PATH: process.env['PATH'], HOME: folder, DENO_NO_UPDATE_CHECK: '1' },
    })
    expect(typed.stdout, typed.stderr).toContain('"status":"ok"')
    expect(typed.status, typed.stderr).toBe(0)
  },
  TIMEOUT_MS,
)

/** What the server is started with, as package.json has it. */
function served(): string {
  const script = /"serve": "deno (.*)"/.exec(readFileSync(join(ROOT, 'package.json'), 'utf8'))?.[1]
  return `${INSTALLED}/node_modules/deno/deno ${script ?? ''}`
}

describe('the unit for systemd on the page', () => {
  test('starts what `pnpm serve` starts, past its wrapper', () => {
    const start = /^ExecStart=(.*)$/m.exec(onlyBlock(PAGE, 'ini'))?.[1]
    expect(start).toBe(served())
  })

  const { error } = spawnSync('systemd-analyze', ['--version'])
  test.skipIf(error !== undefined)('is a unit (needs systemd-analyze)', () => {
    const unit = join(folder, 'latchkey.service')
    writeFileSync(unit, onlyBlock(PAGE, 'ini').replaceAll(`${INSTALLED}/`, ROOT))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })
})

describe('the container file on the page', () => {
  const lines = onlyBlock(PAGE, 'dockerfile').trim().split('\n')

  test('consists of instructions that there are, its stages named before they are used', () => {
    const stages: string[] = []
    for (const line of lines.filter((each) => each !== '')) {
      expect(line).toMatch(/^(FROM|WORKDIR|COPY|RUN|ENV|VOLUME|EXPOSE|CMD) \S/)
      stages.push(/^FROM \S+ AS (\S+)$/.exec(line)?.[1] ?? '')
      const from = /--from=(\S+)/.exec(line)?.[1]
      if (from !== undefined) expect(stages).toContain(from)
    }
  })

  test('starts what `pnpm serve` starts', () => {
    const command = lines.find((line) => line.startsWith('CMD '))?.slice('CMD '.length) ?? '[]'
    const words: unknown = JSON.parse(command)
    expect(words).toEqual(served().split(' '))
  })
})

test('the page names files of the repository that there are', () => {
  const told = blocksOf(PAGE).flatMap(({ text }) => text.match(/apps\/[\w./-]+/g) ?? [])
  expect(told.length).toBeGreaterThan(0)
  for (const file of told) expect(existsSync(join(ROOT, file)), file).toBe(true)
})
