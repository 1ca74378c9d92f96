import type { TestProject } from 'vitest/node'
import { startReceivers } from '../../api/harness/receiver.ts'

declare module 'vitest' {
  interface ProvidedContext {
    receiversUrl: string
  }
}

/** Receivers of webhooks listen beside workerd: Latchkey inside posts to them over the network. */
export default async function startReceiversBeside(
  project: TestProject,
): Promise<() => Promise<void>> {
  const receivers = await startReceivers()
  project.provide('receiversUrl', receivers.url)
  return () => receivers.close()
}
