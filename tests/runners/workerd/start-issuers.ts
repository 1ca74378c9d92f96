import type { TestProject } from 'vitest/node'
import { startIssuers } from '../../api/harness/issuer.ts'

declare module 'vitest' {
  interface ProvidedContext {
    issuersUrl: string
  }
}

/** OpenID issuers listen beside workerd: Latchkey inside reads their keys over the network. */
export default async function startIssuersBeside(
  project: TestProject,
): Promise<() => Promise<void>> {
  const issuers = await startIssuers()
  project.provide('issuersUrl', issuers.url)
  return () => issuers.close()
}
