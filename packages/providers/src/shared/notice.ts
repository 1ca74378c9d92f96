import { Fault, type Notice } from '@latchkey/core'
import { sha256Hex } from '@latchkey/crypto'

/** 80 bits: of all that is remembered for a connection no two are alike. */
const DIGEST_HEX = 20

/** JSON that a provider sent and signed. @throws Fault invalid_request */
export function parseDelivery(body: Uint8Array): unknown {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return parsed
  } catch {
    throw new Fault('invalid_request', 'Cannot read webhook: it is not JSON in UTF-8')
  }
}

/** What a notice is known by when it comes again: everything that it says, and for whom. */
export async function noticeDigest(told: unknown): Promise<Notice['digest']> {
  return (await sha256Hex(JSON.stringify(told))).slice(0, DIGEST_HEX)
}
