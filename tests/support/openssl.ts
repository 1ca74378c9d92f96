import { spawnSync } from 'node:child_process'

/** Runs a command of OpenSSL over a text. @throws Error with what it complained of */
export function openssl(command: string, input = ''): string {
  const ran = spawnSync('openssl', command.split(' '), { input, encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`Cannot run openssl ${command}: ${ran.stderr}`)
  return ran.stdout
}
