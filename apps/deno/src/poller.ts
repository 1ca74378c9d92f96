import { runDueTasks, SECOND, type Services, taskHandlers, type TaskQueue } from '@latchkey/core'

/** How soon a due task is seen. */
const POLL_MS = SECOND
/** Tasks done at once; one that hangs holds up none of the others. */
const WORKERS = 16

/** Does due tasks until told to stop; resolves when those under way are over. */
export async function pollTasks(
  services: Services,
  queue: TaskQueue,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(Array.from({ length: WORKERS }, () => work(services, queue, signal)))
}

async function work(services: Services, queue: TaskQueue, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let taken = 0
    try {
      taken = await runDueTasks(services, queue, taskHandlers, { limit: 1 })
    } catch (error) {
      // The storage did not answer; what is due stays due.
      services.logger.log('error', 'Cannot look for due tasks', {
        error: error instanceof Error ? error.name : 'unknown',
      })
    }
    if (taken === 0) await pause(POLL_MS, signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      // The signal lives as long as the process: a listener for each pause would fill the memory.
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
