import * as z from 'zod'
import { defineRoute } from '../define-route.ts'
import { JSON_TYPE } from '../http/json.ts'
import type { Route } from '../route.ts'
import { tellHealth, tellReadiness } from './health-answers.ts'

const status = z.object({ status: z.literal('ok') })

export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'The process is up',
    tag: 'Service',
    scope: null,
    responses: { 200: { description: 'Up', content: { [JSON_TYPE]: status } } },
    handle: tellHealth,
  }),
  defineRoute({
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    summary: 'The storage answers',
    tag: 'Service',
    scope: null,
    responses: { 200: { description: 'Ready', content: { [JSON_TYPE]: status } } },
    handle: tellReadiness,
  }),
]
