import { startSandbox } from '@latchkey/sandbox'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    sandboxUrl: string
  }
}

/** The sandbox listens beside workerd: tests inside reach it over the network, as Latchkey does. */
export default async function startSandboxBeside(
  project: TestProject,
): Promise<() => Promise<void>> {
  const sandbox = await startSandbox()
  project.provide('sandboxUrl', sandbox.url)
  return () => sandbox.close()
}
