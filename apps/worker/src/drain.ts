import {
  type Services,
  SECOND,
  startDueTasks,
  type StartedTask,
  type TaskHandlers,
  type TaskQueue,
} from '@latchkey/core'

/** An invocation may have six outgoing connections. */
const TASKS_AT_ONCE = 6
/** How soon is seen what became due while other tasks are under way; meanwhile no alarm goes off. */
const LOOK_MS = SECOND / 4

/**
 * Does what is due until nothing is, and nothing is under way. A task that takes long, such as a call that is not
 * answered, keeps none of the others waiting.
 * @throws what the storage failed with, after everything under way has ended
 */
export async function drain(
  services: Services,
  queue: TaskQueue,
  handlers: TaskHandlers,
): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const failures: unknown[] = []
  const note = (error: unknown) => void failures.push(error)
  let started: readonly StartedTask[] = []
  do {
    const limit = TASKS_AT_ONCE - underWay.size
    try {
      started = limit > 0 ? await startDueTasks(services, queue, handlers, { limit }) : []
    } catch (error) {
      note(error)
      break
    }
    for (const { ended } of started) {
      const watched = ended.catch(note).finally(() => underWay.delete(watched))
      underWay.add(watched)
    }
    if (underWay.size > 0) await Promise.race([...underWay, services.clock.sleep(LOOK_MS)])
  } while (underWay.size > 0 || started.length > 0)
  await Promise.all(underWay)
  if (failures.length > 0) throw failures[0]
}
