import { readConnection } from '../../connection/open.ts'
import { Fault } from '../../fault/fault.ts'
import { connectionPartition, partitionOf } from '../../ledger/keys.ts'
import type { OperationName } from '../../provider/operations.ts'
import type { Services } from '../../services.ts'
import type { Scope } from '../../token/scopes.ts'
import type { TriggerAction, TriggerTarget } from '../../trigger/state.ts'
import { loadCertificate } from '../certificates/commit.ts'
import { readNumber } from '../key/load.ts'

/** The connections that a target reaches, told by its ids alone; null: all. */
export function reachOf(target: TriggerTarget): readonly string[] | null {
  if ('numberId' in target) return [partitionOf({ kind: 'number', id: target.numberId })]
  if ('certificateId' in target) {
    return [partitionOf({ kind: 'certificate', id: target.certificateId })]
  }
  if ('numbers' in target) {
    return [...new Set(target.numbers.map((id) => partitionOf({ kind: 'number', id })))]
  }
  const { connectionId } = target
  return connectionId === undefined ? null : [connectionPartition(connectionId)]
}

/** The scopes that who sets a trigger off is given by it. */
export function scopesOf(action: TriggerAction, target: TriggerTarget): readonly Scope[] {
  switch (action) {
    case 'rotate':
      return ['rotations:write']
    case 'republish':
    case 'publish':
      return ['numbers:write']
    case 'deploy-certificate':
      return ['certificates:write']
    case 'refresh':
      if ('certificateId' in target) return ['certificates:read']
      if ('numberId' in target || 'numbers' in target) return ['numbers:read']
      return ['numbers:read', 'certificates:read']
  }
}

/** What a provider has to offer for an action: one of these. */
const NEEDED: Readonly<Record<TriggerAction, readonly OperationName[]>> = {
  rotate: ['encryptionKey.publish'],
  republish: ['encryptionKey.publish'],
  publish: ['encryptionKey.publish'],
  refresh: ['encryptionKey.read', 'certificate.list'],
  'deploy-certificate': ['certificate.upload'],
}

/**
 * Whether a target can be aimed at: it is there, and its provider offers what the action takes.
 * @throws Fault invalid_request where the action is for something else, not_found, unsupported_operation
 */
export async function requireAim(
  services: Services,
  action: TriggerAction,
  target: TriggerTarget,
): Promise<void> {
  requireFitting(action, target)
  if ('numberId' in target) await readNumber(services, target.numberId)
  if ('numbers' in target) {
    for (const id of target.numbers) await readNumber(services, id)
  }
  if ('certificateId' in target) await loadCertificate(services, target.certificateId)
  for (const id of reachOf(target) ?? []) {
    const { provider } = await readConnection(services, id)
    const offered = services.providers.get(provider)?.operationNames ?? []
    if (NEEDED[action].some((name) => offered.includes(name))) continue
    throw new Fault(
      'unsupported_operation',
      `Cannot make trigger: provider "${provider}" offers nothing to ${action}`,
    )
  }
}

function requireFitting(action: TriggerAction, target: TriggerTarget): void {
  if ('certificateId' in target) {
    if (action === 'deploy-certificate' || action === 'refresh') return
    throw unfitting(`Must be numbers, to ${action}`)
  }
  const isMatching = !('numberId' in target) && !('numbers' in target)
  if (action === 'deploy-certificate') {
    if (isMatching && target.connectionId !== undefined && target.provider === undefined) return
    throw unfitting('Must be a certificateId, or a connectionId with a purpose')
  }
  if (isMatching && target.purpose !== undefined) {
    throw unfitting('Must not have a purpose, except to deploy a certificate')
  }
}

function unfitting(message: string): Fault {
  return new Fault('invalid_request', 'Cannot make trigger: its target is not for its action', {
    errors: [{ pointer: '/target', message }],
  })
}
