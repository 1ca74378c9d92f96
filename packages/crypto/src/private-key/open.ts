import type { Bytes } from '../bytes.ts'
import { KeyFormatError } from '../key-format-error.ts'
import type { RepairCode } from '../pem/repairs.ts'
import { type Container, type ContainerKind, LABELS, readContainer } from './container.ts'
import { readEncryptedPkcs8 } from './encryption/encrypted-pkcs8.ts'
import { readLegacyEncryption } from './encryption/legacy.ts'
import type { Lock } from './encryption/lock.ts'
import { requirePassphrase, WRONG_PASSPHRASE } from './encryption/passphrase.ts'
import type { FoundKey } from './text.ts'

/** A key that is encrypted no more; its container looks into its bytes. */
export interface OpenedKey {
  readonly bytes: Bytes
  readonly container: Container
  readonly repairs: readonly RepairCode[]
}

/**
 * Takes off the encryption, if there is one. What it is, is read before the passphrase is asked for.
 * @throws KeyFormatError
 */
export async function openContainer(
  { bytes, headers, labels }: FoundKey,
  passphrase: string | undefined,
): Promise<OpenedKey> {
  const legacy = readLegacyEncryption(headers, bytes)
  if (legacy !== null) {
    const opened = await openLock(legacy, passphrase)
    return { ...opened, repairs: labelRepairs(labels, opened.container.kind) }
  }
  const container = readContainer(bytes)
  const repairs = labelRepairs(labels, container.kind)
  if (container.kind === 'encrypted') {
    return { ...(await openLock(readEncryptedPkcs8(container.members), passphrase)), repairs }
  }
  const asked = passphrase !== undefined && passphrase !== ''
  return { bytes, container, repairs: asked ? [...repairs, 'passphrase_not_needed'] : repairs }
}

function labelRepairs(labels: readonly string[], kind: ContainerKind): readonly RepairCode[] {
  return labels.every((label) => label === LABELS[kind]) ? [] : ['mislabelled_block']
}

async function openLock(
  lock: Lock,
  passphrase: string | undefined,
): Promise<{ bytes: Bytes; container: Container }> {
  const bytes = await lock(requirePassphrase(passphrase))
  if (bytes === null) throw new KeyFormatError(WRONG_PASSPHRASE)
  const container = readContainer(bytes)
  if (container.kind === 'encrypted') throw new KeyFormatError('it is encrypted more than once')
  return { bytes, container }
}
