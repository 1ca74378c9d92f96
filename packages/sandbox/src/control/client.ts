import type { SandboxControl } from './control.ts'

export type * from './control.ts'
export type { ActiveFault } from '../faults/list.ts'
export type { FaultAnswer, FaultRule } from '../faults/rule.ts'
export type { WebhookField } from '../graph/alerts.ts'
export type { GraphDetails } from '../graph/emulator.ts'
export type { WebhookDelivery, WebhookSubscription, WebhookView } from '../graph/webhook.ts'
export type { Incident, IncidentKind } from '../shared/incidents.ts'
export type { BundleProblem } from '../onprem/bundle.ts'
export type { Containers } from '../onprem/emulator.ts'
export type { CaBundle, OnPremDetails, TlsView } from '../onprem/web-server.ts'
export type { CertificateItem } from '../pbx/certificate.ts'
export type { PbxDetails } from '../pbx/emulator.ts'
export type { PbxEvent, SignedEvent } from '../pbx/events.ts'
export type { RecordedRequest, RequestFilter, RequestLog } from '../shared/recorder.ts'
export type { Upstream } from '../shared/upstreams.ts'

/**
 * Turns a sandbox that runs anywhere, over its control API; needs nothing but `fetch`.
 * @param baseUrl the sandbox's own `url`
 */
export function sandboxControl(baseUrl: string): SandboxControl {
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${baseUrl}/_sandbox${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (response.ok) return response
    throw new Error(`Cannot ${method} /_sandbox${path}: ${await response.text()}`)
  }
  const run = async (method: string, path: string, body?: unknown): Promise<void> => {
    await (await send(method, path, body)).arrayBuffer()
  }
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await send(method, path, body)
    // The control app answers with what the same method of its own `SandboxControl` gave.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (await response.json()) as T
  }
  return {
    reset: (options = {}) => run('POST', '/reset', options),
    addFault: (rule) => ask('POST', '/faults', rule),
    faults: () => ask('GET', '/faults'),
    removeFault: (id) => run('DELETE', `/faults/${encodeURIComponent(id)}`),
    clearFaults: (upstream) =>
      run('DELETE', upstream === undefined ? '/faults' : `/faults?upstream=${upstream}`),
    requests: (filter = {}) =>
      ask('GET', `/requests?${new URLSearchParams({ ...filter }).toString()}`),
    clearRequests: () => run('DELETE', '/requests'),
    incidents: () => ask('GET', '/incidents'),
    state: (upstream) => ask('GET', `/${upstream}/state`),
    setKnobs: (upstream, knobs) => run('PATCH', `/${upstream}/knobs`, knobs),
    setNumber: (upstream, number, change) => run('PATCH', numberPath(upstream, number), change),
    reregister: (upstream, number) => run('POST', `${numberPath(upstream, number)}/reregister`),
    subscribe: (subscription) => run('PUT', '/graph/webhook', subscription),
    unsubscribe: () => run('DELETE', '/graph/webhook'),
    expireTokens: (upstream) => run('POST', `/${upstream}/tokens/expire`),
    restart: (containers) =>
      run('POST', '/onprem/restart', containers === undefined ? {} : { containers }),
    dropCertsTable: () => run('DELETE', '/onprem/certs'),
    unblock: () => run('POST', '/pbx/unblock'),
    signEvent: (event) => ask('POST', '/pbx/events', event),
    advanceClock: (ms) => ask('POST', '/clock/advance', { ms }),
  }
}

function numberPath(upstream: string, number: string): string {
  return `/${upstream}/numbers/${encodeURIComponent(number)}`
}
