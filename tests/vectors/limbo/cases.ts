import * as z from 'zod'

const peerName = z.object({ kind: z.enum(['DNS', 'IP', 'RFC822']), value: z.string() })

/** What is used of a case of x509-limbo. */
const limboCase = z.object({
  id: z.string(),
  trusted_certs: z.array(z.string()),
  untrusted_intermediates: z.array(z.string()),
  peer_certificate: z.string(),
  validation_time: z.string().nullable().default(null),
  extended_key_usage: z.array(z.string()).default([]),
  expected_peer_name: peerName.nullable().default(null),
  expected_peer_names: z.array(peerName).default([]),
  max_chain_depth: z.int().nullable().default(null),
  crls: z.array(z.string()).default([]),
  expected_result: z.enum(['SUCCESS', 'FAILURE']),
})

export type PeerName = z.output<typeof peerName>
export type LimboCase = z.output<typeof limboCase>

const limbo = z.object({ version: z.literal(1), testcases: z.array(limboCase) })

/** @throws where the text is no file of x509-limbo */
export function readLimbo(text: string): readonly LimboCase[] {
  return limbo.parse(JSON.parse(text)).testcases
}
