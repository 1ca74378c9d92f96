import { isFault } from '@latchkey/core'
import { importPublicKey } from '@latchkey/crypto'
import type * as z from 'zod'
import type { keyInspectionSchema } from '../schemas/inspection.ts'

/** What a publish takes is an RSA key of this size, and nothing else. */
const BITS = 2048

/** Judges a public key as a publish would, with the reason for which it would refuse. */
export async function inspectKey(text: string): Promise<z.infer<typeof keyInspectionSchema>> {
  try {
    const { pem, fingerprint, repairs } = await importPublicKey(text)
    return {
      verdict: 'pass',
      findings: repairs.map(({ code, message }) => ({ code, severity: 'repaired', message })),
      publicKey: pem,
      fingerprint,
      algorithm: 'RSA',
      bits: BITS,
    }
  } catch (error) {
    if (!isFault(error)) throw error
    const { code, message } = error
    return {
      verdict: 'fail',
      findings: [{ code, severity: 'error', message }],
      publicKey: null,
      fingerprint: null,
      algorithm: null,
      bits: null,
    }
  }
}
