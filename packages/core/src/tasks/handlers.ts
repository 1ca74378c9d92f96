import { ANCHOR, ARM_SWEEPS } from '../audit/deployment.ts'
import { INSTALL, REFRESH, SWEEP_STAGED } from '../certificate/tasks.ts'
import { DELIVER } from '../delivery/tasks.ts'
import { ADOPT, CARE, FILL_POOL, SETTLE_CLOSING } from '../keyring/tasks.ts'
import { partitionOf } from '../ledger/keys.ts'
import { loadedOnce } from '../loaded-once.ts'
import { ANSWER_ROUND, READ_CERTIFICATES, SEND_ROUND } from '../notice/tasks.ts'
import { RETIRE } from '../number/ring.ts'
import { SWEEP } from '../number/sweep.ts'
import { SETTLE } from '../number/transition.ts'
import { ROTATE, SUPERVISE } from '../rotation/tasks.ts'
import { RUN_TRIGGER } from '../trigger/tasks.ts'
import type { TaskHandler, TaskHandlers } from './run-due.ts'

const certificates = loadedOnce(() => import('../operations/certificates/index.ts'))
const keyring = loadedOnce(() => import('../operations/keyring/index.ts'))
const notices = loadedOnce(() => import('../operations/notices/index.ts'))
const rotation = loadedOnce(() => import('../operations/rotation/index.ts'))
const sweeping = loadedOnce(() => import('../operations/sweep/index.ts'))
const anchors = loadedOnce(() => import('../audit/anchor.ts'))
const triggers = loadedOnce(() => import('../operations/triggers/index.ts'))
const noticed = loadedOnce(() => import('../operations/notices/certificates.ts'))
const deliveries = loadedOnce(() => import('../operations/deliveries/index.ts'))
const settling = loadedOnce(() => import('../operations/key/settle.ts'))

/** What each task's name means. */
export const taskHandlers: TaskHandlers = new Map<string, TaskHandler>([
  [
    ANCHOR,
    async (services) => {
      const { anchorEvents } = await anchors()
      return anchorEvents(services)
    },
  ],
  [
    INSTALL,
    async (services, task) => {
      const { settleCertificate } = await certificates()
      return settleCertificate(services, task.subject.id)
    },
  ],
  [
    REFRESH,
    async (services, task) => {
      const { refreshOnSchedule } = await certificates()
      return refreshOnSchedule(services, task.subject.id)
    },
  ],
  [
    SWEEP_STAGED,
    async (services, task) => {
      const { sweepStaged } = await certificates()
      return sweepStaged(services, task.subject.id)
    },
  ],
  [
    RUN_TRIGGER,
    async (services, task) => {
      const { runTrigger } = await triggers()
      return runTrigger(services, task)
    },
  ],
  [
    SEND_ROUND,
    async (services, task) => {
      const { sendRound } = await notices()
      return sendRound(services, partitionOf(task.subject))
    },
  ],
  [
    ANSWER_ROUND,
    async (services, task) => {
      const { answerRound } = await notices()
      return answerRound(services, task)
    },
  ],
  [
    READ_CERTIFICATES,
    async (services, task) => {
      const { readNoticedCertificates } = await noticed()
      return readNoticedCertificates(services, partitionOf(task.subject))
    },
  ],
  [
    DELIVER,
    async (services, task) => {
      const { deliver } = await deliveries()
      return deliver(services, task.subject.id)
    },
  ],
  [
    ROTATE,
    async (services, task) => {
      const { rotateStripe } = await rotation()
      return rotateStripe(services, task.subject.id)
    },
  ],
  [
    SUPERVISE,
    async (services, task) => {
      const { superviseRotation } = await rotation()
      return superviseRotation(services, task.subject.id)
    },
  ],
  [
    RETIRE,
    async (services, task) => {
      const { retireKeys } = await keyring()
      return retireKeys(services, task.subject.id)
    },
  ],
  [
    CARE,
    async (services, task) => {
      const { careForKey } = await keyring()
      return careForKey(services, task.subject.id)
    },
  ],
  [
    ADOPT,
    async (services, task) => {
      const { adoptKey } = await keyring()
      return adoptKey(services, task.subject.id)
    },
  ],
  [
    SETTLE_CLOSING,
    async (services, task) => {
      const { settleClosing } = await keyring()
      return settleClosing(services, task.subject.id)
    },
  ],
  [
    FILL_POOL,
    async (services) => {
      const { fillPool } = await keyring()
      return fillPool(services)
    },
  ],
  [
    SWEEP,
    async (services, task) => {
      const { sweepNumber } = await sweeping()
      return sweepNumber(services, task)
    },
  ],
  [
    ARM_SWEEPS,
    async (services) => {
      const { armSweeps } = await sweeping()
      return armSweeps(services)
    },
  ],
  [
    SETTLE,
    async (services, task) => {
      const { settleNumber } = await settling()
      return settleNumber(services, task.subject.id)
    },
  ],
])
