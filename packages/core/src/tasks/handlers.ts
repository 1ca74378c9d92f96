import { anchorEvents } from '../audit/anchor.ts'
import { ANCHOR } from '../audit/deployment.ts'
import { SETTLE } from '../number/transition.ts'
import { settleNumber } from '../operations/key/settle.ts'
import type { TaskHandler, TaskHandlers } from './run-due.ts'

/** What each task's name means. */
export const taskHandlers: TaskHandlers = new Map<string, TaskHandler>([
  [ANCHOR, (services) => anchorEvents(services)],
  [SETTLE, (services, task) => settleNumber(services, task.subject.id)],
])
