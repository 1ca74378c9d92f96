import {
  type Clock,
  isFault,
  type Ledger,
  type Logger,
  SettingError,
  type TaskQueue,
} from '@latchkey/core'
import type { Environment } from './environment.ts'

const DATABASE_FILE = 'latchkey.db'
const PROTOCOLS = ['postgres:', 'postgresql:']

/** Where everything is kept: of one machine in a folder, of several in Postgres. */
export type Storage =
  | { readonly engine: 'sqlite'; readonly setting: 'LATCHKEY_DATA'; readonly path: string }
  | { readonly engine: 'postgres'; readonly setting: 'DATABASE_URL'; readonly url: string }

/** Where the data is kept on one machine. */
export function dataFolder(env: Environment): string {
  return env['LATCHKEY_DATA'] ?? './.latchkey'
}

/** What the settings say; nothing is opened. @throws SettingError, which says nothing of the URL: it has a password */
export function storageOf(env: Environment): Storage {
  const url = env['DATABASE_URL'] ?? ''
  if (url === '') {
    const path = `${dataFolder(env)}/${DATABASE_FILE}`
    return { engine: 'sqlite', setting: 'LATCHKEY_DATA', path }
  }
  if (!URL.canParse(url) || !PROTOCOLS.includes(new URL(url).protocol)) {
    const shouldBe = 'must be the URL of a Postgres database: postgres://user:password@host/name'
    throw new SettingError('DATABASE_URL', shouldBe)
  }
  return { engine: 'postgres', setting: 'DATABASE_URL', url }
}

/** @throws SettingError where the storage is not there, or is not ours */
export async function openStorage(
  storage: Storage,
  { logger, clock }: { readonly logger: Logger; readonly clock: Pick<Clock, 'now'> },
): Promise<Ledger & TaskQueue> {
  const report = ({ code, message }: { code: string; message: string }) => {
    logger.log('error', 'Task passed over', { code, detail: message })
  }
  try {
    // Only what is used is loaded.
    if (storage.engine === 'sqlite') {
      const { openSqliteLedger } = await import('@latchkey/ledger/sqlite')
      return await openSqliteLedger({ path: storage.path, report, now: () => clock.now() })
    }
    const { openPostgresLedger } = await import('@latchkey/ledger/postgres')
    return await openPostgresLedger({ url: storage.url, report })
  } catch (error) {
    if (!isFault(error)) throw error
    throw new SettingError(storage.setting, `${SHOULD_BE[storage.engine]}: ${error.message}`, {
      cause: error,
    })
  }
}

const SHOULD_BE = {
  sqlite: 'must be a folder for Latchkey’s database',
  postgres: 'must be the URL of a database for Latchkey',
} as const
