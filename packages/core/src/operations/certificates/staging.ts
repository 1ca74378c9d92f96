import {
  keptFiles,
  STAGED_KEPT_MS,
  STAGED_MAX_CHARACTERS,
  STAGED_MAX_FILES,
  type StagedFile,
  stagedKey,
  stagedPlace,
  type StagedState,
  sweepTask,
} from '../../certificate/staged.ts'
import { Fault } from '../../fault/fault.ts'
import type { Instant } from '../../instant.ts'
import type { CertificatePurpose } from '../../provider/certificates.ts'
import type { Services } from '../../services.ts'

export interface Staging {
  readonly connectionId: string
  readonly fileName: string
  readonly purpose: CertificatePurpose
  readonly pem: string
}

/**
 * Keeps a file for a later upload that names it, sealed, for an hour; one of the same name takes its place.
 * @throws Fault payload_too_large, quota_exceeded
 */
export async function stageFile(
  services: Services,
  { connectionId, fileName, purpose, pem }: Staging,
): Promise<void> {
  if (pem.length > STAGED_MAX_CHARACTERS) {
    throw new Fault(
      'payload_too_large',
      `Cannot keep file: it is larger than ${STAGED_MAX_CHARACTERS / 1024} KiB`,
    )
  }
  const sealed = await services.sealer.seal(pem, stagedPlace(connectionId))
  const now = services.clock.now()
  await mutateStaged(services, connectionId, (state) => {
    const others = keptFiles(state, now).filter((file) => file.fileName !== fileName)
    if (others.length >= STAGED_MAX_FILES) {
      throw new Fault(
        'quota_exceeded',
        `Cannot keep file: ${STAGED_MAX_FILES} files wait to be used already`,
      )
    }
    const file = { fileName, purpose, sealed, until: now + STAGED_KEPT_MS }
    return { result: null, files: [...others, file] }
  })
}

/** The file of a name, which stays until it is dropped. @throws Fault not_found */
export async function readStaged(
  services: Services,
  { connectionId, fileName, purpose }: Omit<Staging, 'pem'>,
): Promise<string> {
  const stored = await services.ledger.read<StagedState>(stagedKey(connectionId))
  const files = keptFiles(stored?.state ?? null, services.clock.now())
  const file = files.find((each) => each.fileName === fileName && each.purpose === purpose)
  if (file === undefined) {
    throw new Fault('not_found', `Cannot find file "${fileName}": upload it first`)
  }
  return services.sealer.open(file.sealed, stagedPlace(connectionId))
}

/** Erases a file that has been used. */
export function dropStaged(
  services: Services,
  { connectionId, fileName }: Pick<Staging, 'connectionId' | 'fileName'>,
): Promise<null> {
  const now = services.clock.now()
  return mutateStaged(services, connectionId, (state) => ({
    result: null,
    files: keptFiles(state, now).filter((file) => file.fileName !== fileName),
  }))
}

/** Erases what nobody took in time, and says when to come again. */
export async function sweepStaged(services: Services, id: string): Promise<Instant | null> {
  const connectionId = `con_${id.slice('stg_'.length)}`
  const now = services.clock.now()
  return mutateStaged(services, connectionId, (state) => {
    const files = keptFiles(state, now)
    return { result: sweepTask(files).due, files }
  })
}

function mutateStaged<R>(
  services: Services,
  connectionId: string,
  change: (state: StagedState | null) => {
    readonly result: R
    readonly files: readonly StagedFile[]
  },
): Promise<R> {
  return services.ledger.mutate<StagedState, R>(stagedKey(connectionId), (state) => {
    const { result, files } = change(state)
    const next = files.length === 0 ? null : { files }
    return { result, next, labels: {}, tasks: [sweepTask(files)] }
  })
}
