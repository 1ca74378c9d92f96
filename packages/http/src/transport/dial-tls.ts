import { constants, createHash } from 'node:crypto'
import { isIP, type LookupFunction } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import type { TlsTrust } from '@latchkey/core'
import { socketFailure } from './socket-failure.ts'
import { TransportFailure } from './transport.ts'

export interface Destination {
  readonly host: string
  readonly port: number
  readonly lookup: LookupFunction
  readonly signal: AbortSignal
}

/**
 * Opens a TLS connection that is good for use: whoever gets it has not sent a byte on it yet. Where `trust` is null
 * nobody is trusted, which is for looking at the certificate alone.
 *
 * No session is ever resumed: it would show the certificate of the first handshake, not the one that the host has
 * now. Node resumes only what it is given; Deno all by itself, unless `ca` is set.
 * @throws TransportFailure
 */
export function dialTls(to: Destination, trust: TlsTrust | null): Promise<TLSSocket> {
  const { host, port, lookup, signal } = to
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {}
    const socket = connect({ host, port, lookup, ...name, ...verification(trust) })
    const settle = () => {
      signal.removeEventListener('abort', giveUp)
      socket.removeListener('error', fail)
      socket.removeListener('close', fail)
    }
    const fail = (error?: unknown) => {
      settle()
      // A connection that is given up may complain once more.
      socket.on('error', () => {})
      socket.destroy()
      reject(socketFailure(error, { sent: false, tls: trust ?? undefined }))
    }
    const giveUp = () => fail()
    socket.once('error', fail)
    socket.once('close', fail)
    socket.once('secureConnect', () => {
      try {
        if (trust !== null && 'pinnedFingerprint' in trust) requirePinned(socket, trust)
      } catch (error) {
        fail(error)
        return
      }
      settle()
      resolve(socket)
    })
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
  })
}

/** What the other side showed as its own certificate, and proved to have the key of. @throws TransportFailure */
export function leafOf(socket: TLSSocket): Uint8Array<ArrayBuffer> {
  const leaf = socket.getPeerX509Certificate()
  if (leaf === undefined) {
    throw new TransportFailure('untrusted', 'it shows no certificate', { sent: false })
  }
  return new Uint8Array(leaf.raw)
}

function verification(trust: TlsTrust | null): ConnectionOptions {
  // Else the host could show another certificate later, on the same connection (TLS 1.2, RFC 5246 §7.4.1.1).
  const secureOptions = constants.SSL_OP_NO_RENEGOTIATION
  if (trust !== null && 'caCertificates' in trust) {
    return { secureOptions, ca: trust.caCertificates, rejectUnauthorized: true }
  }
  // The runtime knows no pins: that the host has the key of its certificate is its work, whose it is checked here.
  return { secureOptions, ca: [], rejectUnauthorized: false }
}

function requirePinned(socket: TLSSocket, trust: { readonly pinnedFingerprint: string }): void {
  const shown = `sha256:${createHash('sha256').update(leafOf(socket)).digest('hex')}`
  if (shown === trust.pinnedFingerprint) return
  throw new TransportFailure(
    'untrusted',
    `its certificate is ${shown}, and tls.pinnedFingerprint names another; pin this one if it is the host’s own`,
    { sent: false },
  )
}
