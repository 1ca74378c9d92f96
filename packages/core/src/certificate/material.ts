import * as z from 'zod'
import type { DnsAccess } from '../provider/certificates.ts'
import type { Services } from '../services.ts'
import { type CertificateState, materialPlace } from './state.ts'

/** What is sent to the upstream; it holds private keys and DNS credentials, and is kept sealed while on its way. */
export type Material =
  | { readonly kind: 'upload'; readonly pem: string; readonly autoRenewal: DnsAccess | null }
  | ({ readonly kind: 'apply'; readonly domain: string } & DnsAccess)

const dnsAccess = z.object({
  dnsProvider: z.string(),
  dnsParameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

const material = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('upload'), pem: z.string(), autoRenewal: dnsAccess.nullable() }),
  z.object({ kind: z.literal('apply'), domain: z.string(), ...dnsAccess.shape }),
])

export function sealMaterial(
  { sealer }: Services,
  state: CertificateState,
  content: Material,
): Promise<string> {
  return sealer.seal(JSON.stringify(content), materialPlace(state))
}

/** @throws Fault internal where it was sealed for another certificate */
export async function openMaterial(
  { sealer }: Services,
  state: CertificateState,
  sealed: string,
): Promise<Material> {
  return material.parse(JSON.parse(await sealer.open(sealed, materialPlace(state))))
}

/** Long enough that it cannot stand in an answer by chance. */
const KEY_LINE_MIN = 16
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]*?)-----END/g

/** The parts that an upstream might repeat and nobody else may learn. */
export function secretsOf(content: Material): readonly string[] {
  if (content.kind === 'apply') return dnsSecrets(content)
  const keys = [...content.pem.matchAll(PRIVATE_KEY)].map(([, body = '']) => body)
  const lines = keys
    .flatMap((body) => body.split('\n'))
    .filter((line) => line.length >= KEY_LINE_MIN)
  return [...lines, ...(content.autoRenewal === null ? [] : dnsSecrets(content.autoRenewal))]
}

export function dnsSecrets({ dnsParameters }: DnsAccess): readonly string[] {
  return Object.values(dnsParameters).filter((value) => typeof value === 'string')
}
