import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKeyRing, parseKeysSetting } from '@latchkey/crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { blocksOf, commandsOf } from './blocks.ts'
import { hasPrograms } from './walk.ts'

const PAGE = 'deploy-workers.md'
const ACCOUNT = '# needs an account'
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Nobody listens there: whoever wants the network does without, or fails. */
const NOWHERE = 'http://127.0.0.1:9'
const TIMEOUT_MS = 120_000

const manifest = z.object({ scripts: z.record(z.string(), z.string()) })
const { scripts } = manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
const secrets = z.strictObject({ LATCHKEY_ADMIN_TOKEN: z.string(), LATCHKEY_KEYS: z.string() })

/** What a command of the page comes to once pnpm is installed. */
function here(command: string): string {
  return command
    .replaceAll('npx -y pnpm@12 exec ', '')
    .replaceAll(/npx -y pnpm@12 (deploy:worker)/g, (_, script: string) => scripts[script] ?? '')
}

describe.skipIf(!hasPrograms('openssl'))(
  'the page on Workers, without an account or a network (needs bash, curl and openssl)',
  () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'latchkey-deploy-'))
    })
    afterAll(() => {
      rmSync(folder, { recursive: true })
    })

    const type = (commands: string, cwd = ROOT) => {
      const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -eu\n${commands}`], {
        cwd,
        encoding: 'utf8',
        env: {
          PATH: `${ROOT}node_modules/.bin:${process.env['PATH'] ?? ''}`,
          HOME: folder,
          CI: '1',
          NO_COLOR: '1',
          HTTP_PROXY: NOWHERE,
          HTTPS_PROXY: NOWHERE,
          WRANGLER_SEND_METRICS: 'false',
        },
      })
      expect(status, `${commands}\n${stdout}\n${stderr}`).toBe(0)
      return stdout
    }

    test(
      'what it says to look at is printed',
      () => {
        const [look = ''] = commandsOf(PAGE, null)
        const printed = type(here(look)).replaceAll(/ +/g, ' ')
        const told = blocksOf(PAGE).find(({ language }) => language === 'text')
        for (const line of told?.text.trim().split('\n') ?? ['nothing']) {
          expect(printed).toContain(line.replaceAll(/ +/g, ' '))
        }
      },
      TIMEOUT_MS,
    )

    test(
      'the secrets that it makes are taken by Latchkey, and by wrangler',
      async () => {
        const [, make = ''] = commandsOf(PAGE, null)
        type(make, folder)
        const file = join(folder, 'secrets.json')
        const made = secrets.parse(JSON.parse(readFileSync(file, 'utf8')))
        expect(made.LATCHKEY_ADMIN_TOKEN).toMatch(/^lk_[\w-]{43}$/)
        await createKeyRing(parseKeysSetting(made.LATCHKEY_KEYS))
        const deploy = commandsOf(PAGE, ACCOUNT).find((line) => line.includes('--secrets-file'))
        type(`${here(deploy ?? '').replace('secrets.json', file)} --dry-run`)
      },
      TIMEOUT_MS,
    )

    test(
      'the commands that need an account are ones that there are',
      () => {
        const commands = commandsOf(PAGE, ACCOUNT).filter((line) => line.includes('exec wrangler '))
        for (const command of commands) {
          const words = here(command).split(' ')
          const options = words.filter((word) => word.startsWith('--'))
          const [program = '', ...names] = words.slice(0, words.includes('secret') ? 3 : 2)
          const help = type([program, ...names, '--help'].join(' '))
          expect(help).toContain([program, ...names].join(' '))
          for (const option of options) expect(help, command).toContain(option)
        }
        expect(commands.length).toBeGreaterThan(0)
      },
      TIMEOUT_MS,
    )
  },
)
