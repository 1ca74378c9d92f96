export { createHostPolicy, type HostPolicy, type HostPolicySettings } from './policy/host-policy.ts'
export { redactHeaders, redactText, redactUrl } from './redact/redact.ts'
export { parseRetryAfter } from './retry-after/retry-after.ts'
export { createFetchTransport, type FetchTransportOptions } from './transport/fetch-transport.ts'
export {
  type FailureKind,
  type Transport,
  TransportFailure,
  type TransportRequest,
  type TransportResponse,
} from './transport/transport.ts'
export { createUpstream, type UpstreamOptions } from './upstream/create-upstream.ts'
export { encodeSegment } from './url/segment.ts'
