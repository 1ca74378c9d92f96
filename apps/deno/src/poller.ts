import {
  errorFields,
  runDueTasks,
  SECOND,
  type Services,
  taskHandlers,
  type TaskQueue,
} from '@latchkey/core'

/** How soon a due task is seen. */
const POLL_MS = SECOND
/** The longest pause while the storage does not answer. */
const OUTAGE_POLL_MS = 30 * SECOND
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
  let failures = 0
  while (!signal.aborted) {
    let taken = 0
    try {
      taken = await runDueTasks(services, queue, taskHandlers, { limit: 1 })
      failures = 0
    } catch (error) {
      // The storage did not answer; what is due stays due.
      failures += 1
      services.logger.log('error', 'Cannot look for due tasks', errorFields(error))
    }
    if (taken === 0) await pause(pauseAfter(failures), signal)
  }
}

/** How long to wait after so many failures in a row. */
export function pauseAfter(failures: number): number {
  return Math.min(POLL_MS * 2 ** failures, OUTAGE_POLL_MS)
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
