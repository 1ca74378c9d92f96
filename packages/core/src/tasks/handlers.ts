import { SETTLE } from '../number/transition.ts'
import { settleNumber } from '../operations/key/settle.ts'
import type { TaskHandlers } from './run-due.ts'

/** What each task's name means. */
export const taskHandlers: TaskHandlers = new Map([
  [SETTLE, (services, task) => settleNumber(services, task.subject.id)],
])
