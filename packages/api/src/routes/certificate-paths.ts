import { connectionPartition, Fault, partitionOf, requireSight } from '@latchkey/core'
import * as z from 'zod'
import type { RouteContext } from '../http/context.ts'
import { certificateId, connectionId } from '../schemas/ids.ts'

export const ALL = '/v1/connections/{connectionId}/certificates'
export const ONE = `${ALL}/{certificateId}` as const

export const allParams = z.object({ connectionId })
export const oneParams = z.object({ connectionId, certificateId })

type Context<Params> = RouteContext<Params, unknown>

/** @throws Fault not_found */
export function requireConnectionSight({
  params: { connectionId: id },
  principal,
}: Context<{ connectionId: string }>): void {
  requireSight(principal, id, { noun: 'connection', id })
}

/**
 * Told by the ids alone: what a token may not know of, and what is another connection's, is refused as what does not
 * exist.
 * @throws Fault not_found
 */
export function requireCertificateSight(
  context: Context<{ connectionId: string; certificateId: string }>,
): void {
  requireConnectionSight(context)
  const { connectionId: owner, certificateId: id } = context.params
  if (partitionOf({ kind: 'certificate', id }) === connectionPartition(owner)) return
  throw new Fault('not_found', `Cannot find certificate "${id}"`)
}

/** The certificate's own URL. */
export function certificateUrl({
  id,
  connectionId: owner,
}: {
  id: string
  connectionId: string
}): string {
  return `/v1/connections/${owner}/certificates/${id}`
}
