import { createPublicKey, diffieHellman, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { Socket } from 'node:net'
import { derOf } from './certificates.ts'
import { type Certificate, type Listener, listenTcp } from './loopback.ts'
import {
  bytes,
  expandLabel,
  handshakeSecrets,
  hmac,
  message,
  plainRecord,
  seal,
  sha256,
  takeRecords,
  type TlsRecord,
  typeInside,
  vector,
} from './tls-wire.ts'

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** A TLS server that shows a certificate, and signs with whatever key it has. */
export interface Impostor extends Listener {
  /** Whether a client has gone on with the handshake after it saw the signature. */
  wasBelieved(): boolean
}

const [ALERT, HANDSHAKE, ENCRYPTED] = [21, 22, 23]
const X25519 = bytes('001d')
const ECDSA_P256_SHA256 = bytes('0403')
/** SubjectPublicKeyInfo of an X25519 key, but for its 32 octets (RFC 8410 §4). */
const X25519_SPKI = bytes('302a300506032b656e032100')

/**
 * Goes as far into the handshake as it can without the certificate's key. The certificate is public: only the
 * signature tells the host from whoever copied it.
 */
export async function listenImpostor(
  { cert, key }: Certificate,
  version: TlsVersion,
): Promise<Impostor> {
  const certificate = { der: derOf({ cert, key }), key }
  let believed = false
  const listener = await listenTcp((socket) => {
    const answer = (version === 'TLSv1.3' ? modern : classic)(socket, certificate)
    let arrived: Buffer = Buffer.alloc(0)
    let judge: ((record: TlsRecord) => boolean) | null = null
    socket.on('data', (data) => {
      const { records, rest } = takeRecords(Buffer.concat([arrived, data]))
      arrived = rest
      for (const record of records) {
        if (judge !== null) believed ||= judge(record)
        else if (record.type === HANDSHAKE) judge = answer(record.content)
      }
    })
  })
  return { ...listener, wasBelieved: () => believed }
}

interface Shown {
  readonly der: Uint8Array
  readonly key: string
}

/** Answers a ClientHello; what it gives tells whether a later record goes on with the handshake. */
type Answer = (hello: Buffer) => (record: TlsRecord) => boolean

function classic(socket: Socket, { der, key }: Shown): Answer {
  return (hello) => {
    const random = randomBytes(32)
    const extensions = vector(2, bytes('ff01000100'), bytes('00170000'))
    const start = [bytes('0303'), random, vector(1), bytes('c02b00'), extensions]
    const params = Buffer.concat([bytes('03'), X25519, vector(1, freshKey().raw)])
    // RFC 8422 §5.4: over both randoms and the parameters.
    const signature = sign('sha256', Buffer.concat([hello.subarray(6, 38), random, params]), key)
    const flight = [
      message(2, ...start),
      message(11, vector(3, vector(3, der))),
      message(12, params, ECDSA_P256_SHA256, vector(2, signature)),
      message(14),
    ]
    socket.write(Buffer.concat(flight.map((each) => plainRecord(HANDSHAKE, each))))
    return ({ type }) => type !== ALERT
  }
}

function modern(socket: Socket, { der, key }: Shown): Answer {
  return (hello) => {
    const own = freshKey()
    const sessionId = hello.subarray(39, 39 + hello.readUInt8(38))
    const share = Buffer.concat([bytes('0033'), vector(2, X25519, vector(2, own.raw))])
    const extensions = vector(2, bytes('002b00020304'), share)
    const start = [
      bytes('0303'),
      randomBytes(32),
      vector(1, sessionId),
      bytes('130100'),
      extensions,
    ]
    const serverHello = message(2, ...start)
    const secrets = handshakeSecrets(own.agree(shareOf(hello)), Buffer.concat([hello, serverHello]))
    const shown = [
      message(8, vector(2)),
      message(11, vector(1), vector(3, vector(3, der), vector(2))),
    ]
    const context = Buffer.from(`${' '.repeat(64)}TLS 1.3, server CertificateVerify\0`)
    const signed = Buffer.concat([context, sha256(hello, serverHello, ...shown)])
    const verify = message(15, ECDSA_P256_SHA256, vector(2, sign('sha256', signed, key)))
    const finishedKey = expandLabel(secrets.server, 'finished', Buffer.alloc(0), 32)
    const finished = message(20, hmac(finishedKey, sha256(hello, serverHello, ...shown, verify)))
    const flight = Buffer.concat([...shown, verify, finished])
    const sealed = seal(secrets.server, HANDSHAKE, flight)
    socket.write(Buffer.concat([plainRecord(HANDSHAKE, serverHello), sealed]))
    return (record) => record.type === ENCRYPTED && typeInside(secrets.client, record) === HANDSHAKE
  }
}

/** The client's key share for X25519 (RFC 8446 §4.2.8.2), found by its group and length. */
function shareOf(hello: Buffer): Buffer {
  const at = hello.indexOf(Buffer.concat([X25519, bytes('0020')]))
  if (at === -1) throw new Error('Cannot agree: the client sent no X25519 share')
  return hello.subarray(at + 4, at + 36)
}

function freshKey() {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  return {
    raw: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
    agree(raw: Buffer): Buffer {
      const key = Buffer.concat([X25519_SPKI, raw])
      return diffieHellman({
        privateKey,
        publicKey: createPublicKey({ key, format: 'der', type: 'spki' }),
      })
    },
  }
}
