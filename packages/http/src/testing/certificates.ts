import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import type { Certificate } from './loopback.ts'

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

export interface LeafOptions {
  /** As in openssl.cnf; `DNS:` and the name by default. */
  readonly altNames?: string
  /** How long it holds from now; a negative one has ended. */
  readonly days?: number
  /** The leaf whose key it is for too. */
  readonly keyOf?: Certificate
}

/** Certificates that openssl makes, in a folder that goes with `close()`. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'latchkey-tls-'))
  readonly certificate: Certificate
  #made = 0

  constructor(name: string) {
    this.certificate = this.#selfSigned(name)
    this.#write('ca.key', this.certificate.key)
    this.#write('ca.pem', this.certificate.cert)
  }

  leaf(
    name: string,
    { altNames = `DNS:${name}`, days = 10, keyOf }: LeafOptions = {},
  ): Certificate {
    const id = `leaf${(this.#made += 1)}`
    this.#write(`${id}.ext`, `subjectAltName=${altNames}\n`)
    if (keyOf !== undefined) this.#write(`${id}.key`, keyOf.key)
    const key = keyOf === undefined ? [...NEW_KEY, '-keyout'] : ['-new', '-key']
    this.#openssl('req', ...key, `${id}.key`, '-out', `${id}.csr`, '-subj', `/CN=${name}`)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days)]
    const made = ['-in', `${id}.csr`, '-out', `${id}.pem`, '-extfile', `${id}.ext`]
    this.#openssl('x509', '-req', ...by, ...made)
    return { key: this.#read(`${id}.key`), cert: this.#read(`${id}.pem`) }
  }

  /** As appliances make them for themselves. */
  selfSigned(name: string): Certificate {
    return this.#selfSigned(name, '-addext', `subjectAltName=DNS:${name}`)
  }

  close(): void {
    rmSync(this.#folder, { recursive: true })
  }

  #selfSigned(name: string, ...extensions: readonly string[]): Certificate {
    const made = ['-keyout', 'self.key', '-out', 'self.pem', '-subj', `/CN=${name}`]
    this.#openssl('req', '-x509', ...NEW_KEY, ...made, ...extensions)
    return { key: this.#read('self.key'), cert: this.#read('self.pem') }
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'ignore' })
  }

  #read(file: string): string {
    return readFileSync(join(this.#folder, file), 'utf8')
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text)
  }
}

/** As `tls.pinnedFingerprint` is kept. */
export function fingerprintOf({ cert }: Certificate): string {
  const { fingerprint256 } = new X509Certificate(cert)
  return `sha256:${fingerprint256.replaceAll(':', '').toLowerCase()}`
}

export function derOf({ cert }: Certificate): Uint8Array {
  return new Uint8Array(new X509Certificate(cert).raw)
}
