import type { Instant } from '@latchkey/core'
import type { ActiveFault } from '../faults/list.ts'
import type { FaultRule } from '../faults/rule.ts'
import type { GraphDetails } from '../graph/emulator.ts'
import type { GraphKnobs } from '../graph/knobs.ts'
import type { WebhookSubscription } from '../graph/webhook.ts'
import type { KaleyraKnobs } from '../kaleyra/knobs.ts'
import type { Containers } from '../onprem/emulator.ts'
import type { OnPremKnobs } from '../onprem/knobs.ts'
import type { OnPremDetails } from '../onprem/web-server.ts'
import type { PbxDetails } from '../pbx/emulator.ts'
import type { PbxEvent, SignedEvent } from '../pbx/events.ts'
import type { PbxKnobs } from '../pbx/knobs.ts'
import type { Incident } from '../shared/incidents.ts'
import type { StoredKey } from '../shared/key-slot.ts'
import type { RequestFilter, RequestLog } from '../shared/recorder.ts'
import type { Upstream } from '../shared/upstreams.ts'

export interface KnobsOf {
  readonly graph: GraphKnobs
  readonly onprem: OnPremKnobs
  readonly kaleyra: KaleyraKnobs
  readonly pbx: PbxKnobs
}

/** What an upstream's state shows besides numbers and knobs. */
export interface DetailsOf {
  readonly graph: GraphDetails
  readonly onprem: OnPremDetails
  readonly kaleyra: null
  readonly pbx: PbxDetails
}

export interface NumberState {
  /** As the upstream's paths name it; the phone number on `onprem`, whose paths name none. */
  readonly id: string
  readonly registered: boolean
  readonly key: StoredKey | null
  /** Writes that the upstream took, whether or not the caller ever heard of it. */
  readonly writes: number
  /** The keys that were written, the latest last. */
  readonly history: readonly string[]
}

export interface UpstreamState<U extends Upstream> {
  readonly numbers: readonly NumberState[]
  readonly knobs: Readonly<KnobsOf[U]>
  readonly details: DetailsOf[U]
}

export interface NumberChange {
  readonly registered?: boolean
  /** Set behind the client's back: it counts as nobody's write. */
  readonly key?: StoredKey | null
}

export interface ResetOptions {
  /** The sample WABA then holds so many numbers, named by `fleetNumberId`, in place of its own. */
  readonly graphNumbers?: number
}

/**
 * Turns a sandbox: the same in its own process (`sandbox.control`) and from any other
 * (`sandboxControl(url)`). A wrong argument rejects with a message that names the place.
 */
export interface SandboxControl {
  /** Back to the start: state, knobs, faults and everything recorded. The clock stays. */
  reset(options?: ResetOptions): Promise<void>
  addFault(rule: FaultRule): Promise<ActiveFault>
  faults(): Promise<readonly ActiveFault[]>
  removeFault(id: string): Promise<void>
  clearFaults(upstream?: Upstream): Promise<void>
  requests(filter?: RequestFilter): Promise<RequestLog>
  clearRequests(): Promise<void>
  /** What no client may ever do to a live upstream, and one did. */
  incidents(): Promise<readonly Incident[]>
  state<U extends Upstream>(upstream: U): Promise<UpstreamState<U>>
  setKnobs<U extends Upstream>(upstream: U, knobs: Partial<KnobsOf[U]>): Promise<void>
  setNumber(upstream: Upstream, number: string, change: NumberChange): Promise<void>
  /** Registers a number again: the key that it holds turns to `MISMATCH`. */
  reregister(upstream: Upstream, number: string): Promise<void>
  /**
   * Has the Graph API send its webhooks to an address, which has to confirm itself first: what Meta tells when a number
   * is registered again, or when its key is set behind the client's back.
   */
  subscribe(subscription: WebhookSubscription): Promise<void>
  unsubscribe(): Promise<void>
  /** Makes every token or API key worthless; clients of `onprem` and `pbx` may log in again. */
  expireTokens(upstream: Upstream): Promise<void>
  /**
   * Restarts containers of the On-Premises deployment, `webapp` where left out. What was uploaded is
   * live only then; a bundle that the web server cannot serve leaves it down, and every connection
   * to `onprem` is reset.
   */
  restart(containers?: Containers): Promise<void>
  /** Drops the On-Premises `certs` table: a web server that is down starts again at its next restart. */
  dropCertsTable(): Promise<void>
  /** Lets callers of the PBX in again who failed to log in too often. */
  unblock(): Promise<void>
  /** A system event notification as the PBX pushes it, ready to be sent to a receiver by POST. */
  signEvent(event: PbxEvent): Promise<SignedEvent>
  /** Puts the sandbox's clock forward; its new time. */
  advanceClock(ms: number): Promise<Instant>
}
