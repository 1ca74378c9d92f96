import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openssl } from '../support/openssl.ts'

/** A private key in one form, and another key in the same form. */
export interface PrivateKeyForm {
  readonly pem: string
  readonly other: string
}

const RSA = 'genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048'
const EC = 'genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256'

/** What OpenSSL makes of a PKCS#8 key. */
const OF_RSA: Readonly<Record<string, string>> = {
  'PKCS#8': 'pkey',
  'PKCS#1': 'rsa -traditional',
  'encrypted PKCS#8': 'pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret',
  'PKCS#8 encrypted in the old way': 'pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout pass:secret',
  'legacy encryption': 'rsa -traditional -des3 -passout pass:secret',
}
const OF_EC: Readonly<Record<string, string>> = { EC: 'pkey', SEC1: 'ec' }

/** Every form of private key that OpenSSL writes, by name. */
export function opensslForms(): ReadonlyMap<string, PrivateKeyForm> {
  return new Map([...forms(OF_RSA, RSA), ...forms(OF_EC, EC)])
}

function forms(
  recipes: Readonly<Record<string, string>>,
  generate: string,
): readonly (readonly [name: string, form: PrivateKeyForm])[] {
  const pem = openssl(generate)
  const other = openssl(generate)
  return Object.entries(recipes).map(([name, command]) => [
    name,
    { pem: openssl(command, pem), other: openssl(command, other) },
  ])
}

/** A key that is short enough to fit where a name does. */
export function shortForm(): PrivateKeyForm {
  const generate = 'genpkey -algorithm ed25519'
  return { pem: openssl(generate), other: openssl(generate) }
}

export const HAS_SSH_KEYGEN = spawnSync('ssh-keygen', ['-?']).error === undefined

export function openSshForm(): PrivateKeyForm {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-ssh-'))
  const make = (name: string) => {
    const file = join(folder, name)
    const options = ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-C', '']
    spawnSync('ssh-keygen', [...options, '-f', file])
    return readFileSync(file, 'utf8')
  }
  try {
    return { pem: make('a'), other: make('b') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
