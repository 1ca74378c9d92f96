import { conforming } from '../harness/conforming.ts'
import type { OpenApi } from '../harness/harness.ts'
import { anchorsSuite } from './anchors.ts'
import { authenticationSuite } from './authentication.ts'
import { badBodiesSuite } from './bad-bodies.ts'
import { badFieldsSuite } from './bad-fields.ts'
import { badKeysSuite } from './bad-keys.ts'
import { badRequestsSuite } from './bad-requests.ts'
import { certificatesApplySuite } from './certificates-apply.ts'
import { certificatesDoubtSuite } from './certificates-doubt.ts'
import { certificatesFieldsSuite } from './certificates-fields.ts'
import { certificatesLimitsSuite } from './certificates-limits.ts'
import { certificatesPbxSuite } from './certificates-pbx.ts'
import { certificatesPbxFaultsSuite } from './certificates-pbx-faults.ts'
import { certificatesReadSuite } from './certificates-read.ts'
import { certificatesUploadSuite } from './certificates-upload.ts'
import { connectionHealthSuite } from './connection-health.ts'
import { connectionLimitsSuite } from './connection-limits.ts'
import { connectionsSuite } from './connections.ts'
import { dialectGraphSuite } from './dialect-graph.ts'
import { dialectKaleyraSuite } from './dialect-kaleyra.ts'
import { dialectMatrixSuite } from './dialect-matrix.ts'
import { dialectMatrixCertificateUpstreamsSuite } from './dialect-matrix-certificate-upstreams.ts'
import { dialectMatrixCertificatesSuite } from './dialect-matrix-certificates.ts'
import { dialectMatrixCallersSuite } from './dialect-matrix-callers.ts'
import { dialectMatrixLimitsSuite } from './dialect-matrix-limits.ts'
import { dialectMatrixUpstreamsSuite } from './dialect-matrix-upstreams.ts'
import { dialectOnpremSuite } from './dialect-onprem.ts'
import { dialectPbxSuite } from './dialect-pbx.ts'
import { discoverySuite } from './discovery.ts'
import { eventsSuite } from './events.ts'
import { freshnessSuite } from './freshness.ts'
import { hardeningSuite } from './hardening.ts'
import { idempotencySuite } from './idempotency.ts'
import { idempotentWritesSuite } from './idempotent-writes.ts'
import { inspectionsSuite } from './inspections.ts'
import { keyInspectionsSuite } from './key-inspections.ts'
import { movingSuite } from './moving.ts'
import { oidcKeysSuite } from './oidc-keys.ts'
import { oidcRefusalsSuite } from './oidc-refusals.ts'
import { oidcSuite } from './oidc.ts'
import { keysSuite } from './keys.ts'
import { keysInUseSuite } from './keys-in-use.ts'
import { keysOfLimitedTokensSuite } from './keys-of-limited-tokens.ts'
import { numbersSuite } from './numbers.ts'
import { openApiSuite } from './openapi.ts'
import { pagingSuite } from './paging.ts'
import { preconditionsSuite } from './preconditions.ts'
import { providersSuite } from './providers.ts'
import { publishFaultsSuite } from './publish-faults.ts'
import { publishSuite } from './publish.ts'
import { racesSuite } from './races.ts'
import { readFaultsSuite } from './read-faults.ts'
import { repairsSuite } from './repairs.ts'
import { representationsSuite } from './representations.ts'
import { rotationChangesSuite } from './rotation-changes.ts'
import { rotationEventsSuite } from './rotation-events.ts'
import { rotationsSuite } from './rotations.ts'
import { scopesSuite } from './scopes.ts'
import { ssrfSuite } from './ssrf.ts'
import { submissionsSuite } from './submissions.ts'
import { tlsSuite } from './tls.ts'
import { triggersDeploySuite } from './triggers-deploy.ts'
import { triggersRightsSuite } from './triggers-rights.ts'
import { triggersSuite } from './triggers.ts'
import { upstreamSessionsSuite } from './upstream-sessions.ts'
import { webhookDeliveriesSuite } from './webhook-deliveries.ts'
import { webhookEndpointsSuite } from './webhook-endpoints.ts'
import { webhookOrderSuite } from './webhook-order.ts'
import { webhooksMetaSuite } from './webhooks-meta.ts'
import { webhooksPbxSuite } from './webhooks-pbx.ts'

/** Every suite of the API, for the runner of one runtime. */
export function apiSuites(openPlain: OpenApi): void {
  const open = conforming(openPlain)
  authenticationSuite(open)
  publishSuite(open)
  publishFaultsSuite(open)
  readFaultsSuite(open)
  upstreamSessionsSuite(open)
  racesSuite(open)
  openApiSuite(open)
  providersSuite(open)
  connectionsSuite(open)
  discoverySuite(open)
  numbersSuite(open)
  pagingSuite(open)
  eventsSuite(open)
  anchorsSuite(open)
  badBodiesSuite(open)
  badFieldsSuite(open)
  badKeysSuite(open)
  badRequestsSuite(open)
  submissionsSuite(open)
  representationsSuite(open)
  preconditionsSuite(open)
  keysSuite(open)
  keysInUseSuite(open)
  keysOfLimitedTokensSuite(open)
  rotationsSuite(open)
  rotationChangesSuite(open)
  rotationEventsSuite(open)
  freshnessSuite(open)
  scopesSuite(open)
  certificatesUploadSuite(open)
  certificatesReadSuite(open)
  certificatesDoubtSuite(open)
  certificatesLimitsSuite(open)
  certificatesFieldsSuite(open)
  certificatesPbxSuite(open)
  certificatesPbxFaultsSuite(open)
  certificatesApplySuite(open)
  inspectionsSuite(open)
  keyInspectionsSuite(open)
  connectionLimitsSuite(open)
  connectionHealthSuite(open)
  ssrfSuite(open)
  tlsSuite(open)
  hardeningSuite(open)
  oidcSuite(open)
  oidcKeysSuite(open)
  oidcRefusalsSuite(open)
  idempotencySuite(open)
  idempotentWritesSuite(open)
  movingSuite(open)
  triggersSuite(open)
  triggersRightsSuite(open)
  triggersDeploySuite(open)
  repairsSuite(open)
  webhookEndpointsSuite(open)
  webhookDeliveriesSuite(open)
  webhookOrderSuite(open)
  webhooksMetaSuite(open)
  webhooksPbxSuite(open)
  // A dialect answers as its provider does, which our document does not describe.
  dialectGraphSuite(openPlain)
  dialectKaleyraSuite(openPlain)
  dialectOnpremSuite(openPlain)
  dialectPbxSuite(openPlain)
  dialectMatrixSuite(openPlain)
  dialectMatrixCallersSuite(openPlain)
  dialectMatrixUpstreamsSuite(openPlain)
  dialectMatrixCertificatesSuite(openPlain)
  dialectMatrixCertificateUpstreamsSuite(openPlain)
  dialectMatrixLimitsSuite(openPlain)
}
