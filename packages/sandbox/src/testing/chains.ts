import { DAY } from '@latchkey/core'
import { mintCertificate, type CertificateDraft, type Minted } from '../shared/mint.ts'
import { TEST_TIME } from './clock.ts'

const VALIDITY = { notBefore: TEST_TIME - DAY, notAfter: TEST_TIME + 90 * DAY }

export interface Chain {
  readonly root: Minted
  readonly intermediate: Minted
  readonly leaf: Minted
}

/** A leaf for `wa.example.com` under an intermediate under a root, valid around the tests' time. */
export function mintChain(leaf: Partial<CertificateDraft> = {}): Chain {
  const root = mintCertificate({ ...VALIDITY, commonName: 'Test root', ca: true })
  const intermediate = mintCertificate(
    { ...VALIDITY, commonName: 'Test intermediate', ca: true },
    root,
  )
  const host = 'wa.example.com'
  const draft = { ...VALIDITY, commonName: host, dnsNames: [host], ...leaf }
  return { root, intermediate, leaf: mintCertificate(draft, intermediate) }
}

/** In the order of an On-Premises upload: private key, leaf, intermediate. */
export function bundleOf({ leaf, intermediate }: Chain): string {
  return `${leaf.privateKey}${leaf.certificate}${intermediate.certificate}`
}
