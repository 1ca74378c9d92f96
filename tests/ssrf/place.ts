import {
  certificateKey,
  certificateLabels,
  type CertificatePurpose,
  type CertificateState,
  EMPTY_INVENTORY,
  inventoryKey,
  mintIdWithin,
  newCertificate,
  openConnection,
  type Services,
  type Work,
} from '@latchkey/core'
import { make, type Requesting } from '../api/harness/client.ts'
import { providers } from '@latchkey/providers'
import { DRAFTS } from './drafts.ts'
import type { Place } from './ways-out.ts'

/** Of a provider that has no numbers. */
const NO_NUMBER = `num_${'0'.repeat(28)}`

/** A connection to a base URL with all that its provider has there; nothing is called for it. */
export async function makePlace(
  api: Requesting,
  services: Services,
  { provider, baseUrl }: { readonly provider: string; readonly baseUrl: string },
): Promise<Place> {
  const draft = DRAFTS[provider]
  if (draft === undefined) throw new Error(`Cannot test: nothing is known of ${provider}`)
  const { upstreamId, config, credentials } = draft
  const connectionId = await make(api, '/v1/connections', {
    provider,
    name: provider,
    config: { ...config, baseUrl },
    credentials,
  })
  const hasNumbers = providers.get(provider)?.numbers !== null
  const numberId = hasNumbers
    ? await make(api, '/v1/numbers', { connectionId, upstreamId })
    : NO_NUMBER
  return { connectionId, numberId, ...(await plantCertificates(services, connectionId)) }
}

/** Certificates of each purpose as if they had been listed, and one that the upstream works on. */
async function plantCertificates(
  services: Services,
  connectionId: string,
): Promise<Pick<Place, 'installed' | 'pending'>> {
  const { bound, provider } = await openConnection(services, connectionId)
  const kinds = bound.certificates?.kinds ?? []
  const draft = (purpose: CertificatePurpose, slot: string | null): CertificateState => ({
    ...newCertificate({
      id: mintIdWithin(connectionId, 'certificate', services.random),
      connectionId,
      provider: provider.id,
      purpose,
      name: 'a.pem',
      at: services.clock.now(),
    }),
    upstreamId: slot ?? '1',
    status: 'installed',
  })
  const installed = kinds.map(({ purpose, slot }) => draft(purpose, slot))
  const pending = kinds
    .filter(({ canApply }) => canApply)
    .map(({ purpose }) => ({ ...draft(purpose, '2'), work: issuing(services) }))
  for (const state of [...installed, ...pending]) await plant(services, state)
  await services.ledger.mutate(inventoryKey(connectionId), () => ({
    result: null,
    next: {
      ...EMPTY_INVENTORY,
      entries: [...installed, ...pending].map(({ id, purpose }) => ({
        certificateId: id,
        purpose,
      })),
    },
    labels: {},
  }))
  return {
    installed: Object.fromEntries(installed.map(({ purpose, id }) => [purpose, id])),
    pending: pending[0]?.id ?? null,
  }
}

function plant({ ledger }: Services, state: CertificateState): Promise<null> {
  return ledger.mutate<CertificateState, null>(certificateKey(state.id), () => ({
    result: null,
    next: state,
    labels: certificateLabels(state),
  }))
}

function issuing({ clock }: Services): Work {
  const now = clock.now()
  return {
    kind: 'apply',
    phase: 'issuing',
    material: null,
    bundle: null,
    activate: false,
    actor: { kind: 'system', id: 'test' },
    since: now,
    sentBy: now,
    sends: 1,
    before: [],
    names: [],
    doubtUntil: null,
    isConfirming: false,
    previous: null,
    due: now,
    looks: 0,
  }
}
