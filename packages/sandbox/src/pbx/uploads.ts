import { HOUR, type Instant } from '@latchkey/core'
import type { CertificateType } from './certificate-file.ts'
import type { PbxKnobs } from './knobs.ts'

/**
 * The least that the PBX keeps a file that no certificate was made of: it sweeps at night whatever is
 * older, so that a client can count on no more.
 */
const LIFETIME = HOUR

export interface Upload {
  readonly name: string
  readonly type: CertificateType
  readonly bytes: Uint8Array
  readonly at: Instant
}

/** The temporary storage. */
export interface Uploads {
  /** Keeps a file; the name under which it is kept, the last part of the path that it was sent with. */
  add(sent: Omit<Upload, 'name'>, fileName: string, names: PbxKnobs['uploadNames']): string
  find(name: string, now: Instant): Upload | undefined
  remove(name: string): void
  all(now: Instant): readonly Upload[]
}

export function createUploads(): Uploads {
  const files = new Map<string, Upload>()
  let count = 0
  const sweep = (now: Instant) => {
    for (const [name, { at }] of files) if (now - at >= LIFETIME) files.delete(name)
  }
  return {
    add(sent, fileName, names) {
      count += 1
      const base = fileName.split(/[/\\]/).at(-1) ?? ''
      const name = names === 'renamed' ? rename(base, count) : base
      files.set(name, { ...sent, name })
      return name
    },
    find(name, now) {
      sweep(now)
      return files.get(name)
    },
    remove: (name) => void files.delete(name),
    all(now) {
      sweep(now)
      return [...files.values()]
    },
  }
}

/** `a.crt` becomes `a_1.crt`. */
function rename(name: string, count: number): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? `${name}_${count}` : `${name.slice(0, dot)}_${count}${name.slice(dot)}`
}
