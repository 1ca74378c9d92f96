import { aeadProbes, cipherProbes } from './aes.ts'
import type { WycheproofFile } from './file.ts'
import { macProbes } from './mac.ts'
import type { Probe } from './probe.ts'
import { encryptionProbes, signatureProbes } from './rsa.ts'

export interface WycheproofScore {
  readonly right: number
  readonly wrong: readonly string[]
  readonly unsupported: readonly string[]
}

function probesOf(file: WycheproofFile): readonly Probe[] {
  switch (file.schema) {
    case 'rsassa_pkcs1_verify_schema_v1.json':
      return signatureProbes(file)
    case 'rsaes_oaep_decrypt_schema_v1.json':
      return encryptionProbes(file)
    case 'aead_test_schema_v1.json':
      return aeadProbes(file)
    case 'ind_cpa_test_schema_v1.json':
      return cipherProbes(file)
    case 'mac_test_schema_v1.json':
      return macProbes(file)
  }
}

export async function scoreWycheproof(file: WycheproofFile): Promise<WycheproofScore> {
  const wrong: string[] = []
  const unsupported: string[] = []
  const probes = probesOf(file)
  for (const { id, comment, expected, run } of probes) {
    const outcome = await run()
    const line = `${id} ${comment === '' ? '(no comment)' : comment}`
    if (outcome === 'unsupported') unsupported.push(line)
    else if (expected !== 'acceptable' && (outcome === 'accepted') !== (expected === 'valid')) {
      wrong.push(`${line}: ${outcome}, expected ${expected}`)
    }
  }
  return { right: probes.length - wrong.length - unsupported.length, wrong, unsupported }
}

export function summaryOf({ right, wrong, unsupported }: WycheproofScore): string {
  return `wycheproof: ${right} right, ${wrong.length} wrong, ${unsupported.length} unsupported`
}
