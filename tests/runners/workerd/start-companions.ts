import { startSandbox } from '@latchkey/sandbox'
import type { TestProject } from 'vitest/node'
import { startIssuers } from '../../api/harness/issuer.ts'
import { startReceivers } from '../../api/harness/receiver.ts'
import { FILES_AT_ONCE } from '../files-at-once.ts'

/** Where the servers of one workerd listen. */
export interface Companions {
  readonly sandboxUrl: string
  /** OpenID issuers, whose keys Latchkey reads. */
  readonly issuersUrl: string
  /** Receivers of webhooks, to which Latchkey posts. */
  readonly receiversUrl: string
}

declare module 'vitest' {
  interface ProvidedContext {
    companions: readonly Companions[]
  }
}

/** Servers beside each workerd, of its own, as tests reset them: those inside reach them over the network. */
export default async function startCompanionsBeside(
  project: TestProject,
): Promise<() => Promise<void>> {
  const started = await Promise.all(Array.from({ length: FILES_AT_ONCE }, startCompanions))
  project.provide(
    'companions',
    started.map(({ companions }) => companions),
  )
  return async () => void (await Promise.all(started.map(({ close }) => close())))
}

async function startCompanions() {
  const [sandbox, issuers, receivers] = await Promise.all([
    startSandbox(),
    startIssuers(),
    startReceivers(),
  ])
  const companions: Companions = {
    sandboxUrl: sandbox.url,
    issuersUrl: issuers.url,
    receiversUrl: receivers.url,
  }
  return {
    companions,
    close: () => Promise.all([sandbox.close(), issuers.close(), receivers.close()]),
  }
}
