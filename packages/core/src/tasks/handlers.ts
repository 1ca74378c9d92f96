import { anchorEvents } from '../audit/anchor.ts'
import { ANCHOR } from '../audit/deployment.ts'
import { INSTALL } from '../certificate/step.ts'
import { SWEEP_STAGED } from '../certificate/staged.ts'
import { SETTLE } from '../number/transition.ts'
import { REFRESH, refreshOnSchedule } from '../operations/certificates/refresh-task.ts'
import { settleCertificate } from '../operations/certificates/settle.ts'
import { sweepStaged } from '../operations/certificates/staging.ts'
import { settleNumber } from '../operations/key/settle.ts'
import type { TaskHandler, TaskHandlers } from './run-due.ts'

/** What each task's name means. */
export const taskHandlers: TaskHandlers = new Map<string, TaskHandler>([
  [ANCHOR, (services) => anchorEvents(services)],
  [INSTALL, (services, task) => settleCertificate(services, task.subject.id)],
  [REFRESH, (services, task) => refreshOnSchedule(services, task.subject.id)],
  [SWEEP_STAGED, (services, task) => sweepStaged(services, task.subject.id)],
  [SETTLE, (services, task) => settleNumber(services, task.subject.id)],
])
