import { errorFields } from '../fault/error-fields.ts'
import { type Instant, MINUTE, SECOND } from '../instant.ts'
import type { Again, ClaimedTask, Retry, TaskQueue, Wake } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'

/** Longer than any task may run. */
const TASK_LEASE_MS = 2 * MINUTE
const RETRY_BASE_MS = 5 * SECOND
const RETRY_MAX_MS = 15 * MINUTE

/** Does one kind of task. Answers when it is to run again; null where it is done. */
export type TaskHandler = (services: Services, task: ClaimedTask) => Promise<Instant | Wake | null>

export type TaskHandlers = ReadonlyMap<string, TaskHandler>

export interface RunDueOptions {
  /** How many are taken, all at once. */
  readonly limit: number
  /** Left out: longer than any task may run. Shorter where whoever takes them keeps them (`TaskQueue.extend`). */
  readonly leaseMs?: number
}

/** A task that is being done. */
export interface StartedTask {
  readonly task: ClaimedTask
  readonly ended: Promise<void>
}

/**
 * Takes the tasks that are due, does them, and ends or reschedules each. A task that fails is tried again, ever
 * later; a task of an unknown name (a newer program's) is left for a program that knows it. Never throws for a
 * task's own failure. Answers how many were taken.
 */
export async function runDueTasks(
  services: Services,
  queue: TaskQueue,
  handlers: TaskHandlers,
  options: RunDueOptions,
): Promise<number> {
  const started = await startDueTasks(services, queue, handlers, options)
  await Promise.all(started.map(({ ended }) => ended))
  return started.length
}

/** As `runDueTasks`, but waits for none of them. */
export async function startDueTasks(
  services: Services,
  queue: TaskQueue,
  handlers: TaskHandlers,
  options: RunDueOptions,
): Promise<readonly StartedTask[]> {
  const { limit, leaseMs = TASK_LEASE_MS } = options
  const tasks = await queue.claim(services.clock.now(), limit, leaseMs)
  return tasks.map((task) => ({ task, ended: runTask(services, queue, handlers, task) }))
}

async function runTask(
  services: Services,
  queue: TaskQueue,
  handlers: TaskHandlers,
  task: ClaimedTask,
): Promise<void> {
  const handler = handlers.get(task.name)
  const again =
    handler === undefined ? laterBy(services, task) : await attempt(services, handler, task)
  await (again === null ? queue.finish(task) : queue.finish(task, again))
}

async function attempt(
  services: Services,
  handler: TaskHandler,
  task: ClaimedTask,
): Promise<Again | null> {
  try {
    return await handler(services, task)
  } catch (error) {
    services.logger.log('error', 'Task failed; it is tried again', {
      task: task.name,
      subject: task.subject.id,
      attempts: task.attempts,
      ...errorFields(error),
    })
    return laterBy(services, task)
  }
}

function laterBy(services: Services, task: ClaimedTask): Retry {
  const delay = Math.min(RETRY_BASE_MS * 2 ** Math.min(task.attempts, 16), RETRY_MAX_MS)
  return { retryAt: services.clock.now() + delay }
}
