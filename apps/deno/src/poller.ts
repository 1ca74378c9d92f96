import { runDueTasks, SECOND, type Services, taskHandlers, type TaskQueue } from '@latchkey/core'

/** How soon a due task is seen. */
const POLL_MS = SECOND
/** Tasks done at once. */
const BATCH = 16

/** Does due tasks until told to stop; resolves when the last turn is over. */
export async function pollTasks(
  services: Services,
  queue: TaskQueue,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let taken = 0
    try {
      taken = await runDueTasks(services, queue, taskHandlers, { limit: BATCH })
    } catch (error) {
      // The storage did not answer; what is due stays due.
      services.logger.log('error', 'Cannot look for due tasks', {
        error: error instanceof Error ? error.name : 'unknown',
      })
    }
    if (taken < BATCH) await pause(POLL_MS, signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
