import type { CertificateSupport } from '@latchkey/core'
import { checkDns } from './dns.ts'
import type { PbxConfig } from './schema.ts'

/** What the PBX does with certificates, and how many it holds (page "Add a certificate"). */
export function certificateSupport({ serverFileOrder }: PbxConfig): CertificateSupport {
  return {
    kinds: [
      {
        purpose: 'server',
        slot: null,
        isListed: true,
        upload: { keyPlace: serverFileOrder === 'key-first' ? 'first' : 'last' },
        canApply: true,
        canRemove: true,
        canActivate: true,
        canRenew: true,
        quota: 3,
        afterUpload: null,
      },
      {
        purpose: 'trusted-ca',
        slot: null,
        isListed: true,
        upload: {},
        canApply: false,
        canRemove: true,
        canActivate: false,
        canRenew: false,
        quota: 20,
        afterUpload: null,
      },
    ],
    checkDns,
  }
}
