import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a certificate that OpenSSL issues differs from a usual one. */
export interface Issuing {
  readonly days?: number
  /** Options of `req` that make the key. */
  readonly keys?: string
}

/** The machine's own `openssl` in a folder of its own. A name stands for `<name>.pem` and `<name>.key`. */
export interface Openssl {
  /** What a command wrote and with which status it ended, whatever that is. */
  readonly spawn: (command: string) => { readonly status: number | null; readonly output: string }
  /** @throws Error where it failed */
  readonly run: (command: string) => string
  readonly read: (file: string) => string
  readonly write: (file: string, text: string) => void
  /** A root with these options of `req` on top. */
  readonly root: (name: string, options?: string) => void
  /** A certificate by an issuer, with these lines of an extension file. */
  readonly issue: (name: string, issuer: string, extensions: string, issuing?: Issuing) => void
  readonly remove: () => void
}

export const P256_KEYS = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
export const CA_EXTENSIONS =
  'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n'
export const SERVER_EXTENSIONS =
  'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:example.com\n'
const IDENTIFIERS = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'

export function openOpenssl(): Openssl {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-openssl-'))
  let serial = 1
  const spawn = (command: string) => {
    const ran = spawnSync('openssl', command.split(' '), { cwd: folder, encoding: 'utf8' })
    return { status: ran.status, output: ran.stdout + ran.stderr }
  }
  const run = (command: string) => {
    const { status, output } = spawn(command)
    if (status !== 0) throw new Error(`Cannot run openssl ${command}: ${output}`)
    return output
  }
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text)
  return {
    spawn,
    run,
    write,
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    root(name, options = '-addext keyUsage=critical,keyCertSign') {
      run(
        `req -x509 ${P256_KEYS} -keyout ${name}.key -out ${name}.pem -subj /CN=${name} -days 900 ${options}`.trimEnd(),
      )
    },
    issue(name, issuer, extensions, { days = 90, keys = P256_KEYS } = {}) {
      serial += 1
      write('extensions', extensions + IDENTIFIERS)
      run(`req ${keys} -keyout ${name}.key -out request -subj /CN=${name}`)
      const by = `-CA ${issuer}.pem -CAkey ${issuer}.key -set_serial ${serial} -days ${days}`
      run(`x509 -req -in request ${by} -extfile extensions -out ${name}.pem`)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
