import { Agent, type RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TlsTrust } from '@latchkey/core'
import { type Destination, dialTls } from './dial-tls.ts'

/** Options of one request, with what its connection has to be. */
export interface TrustedOptions extends RequestOptions {
  readonly destination: Destination
  readonly trust: TlsTrust
}

/**
 * Pools connections to hosts that a connection's own `tls` trusts. They are shared only under the same trust, so that
 * one which was opened under another is never used again, and no request sees one before its trust was checked.
 */
export class TrustAgent extends Agent {
  override getName(options?: TrustedOptions): string {
    return `${super.getName(options)}:${JSON.stringify(options?.trust)}`
  }

  override createConnection(
    { destination, trust }: TrustedOptions,
    callback: (error: Error | null, socket?: Duplex) => void,
  ): undefined {
    const dial = async (): Promise<void> => {
      let socket: Duplex
      try {
        socket = await dialTls(destination, trust)
      } catch (error) {
        callback(error instanceof Error ? error : new Error('Cannot open connection'))
        return
      }
      callback(null, socket)
    }
    void dial()
  }
}
