import type { CertificateKind, CertificatePurpose, CertificateSupport } from '@latchkey/core'

export const ONPREM_CERTIFICATES: CertificateSupport = {
  kinds: [
    slot('server', {
      upload: { needsIntermediate: true, keyPlace: 'first' },
      afterUpload: restart(
        'Restart all Webapp containers of the deployment: the new certificate is not served before that. A connection whose `tls` trusts the old one alone has to be changed then',
      ),
    }),
    slot('server-ca', { isListed: true }),
    slot('webhook-ca', {
      isListed: true,
      upload: {},
      canRemove: true,
      afterUpload: restart(
        'Restart all Coreapp nodes of the deployment: the new authorities are not trusted before that',
      ),
    }),
  ],
}

/** There is one of each purpose, which an upload overwrites. */
function slot(purpose: CertificatePurpose, abilities: Partial<CertificateKind>): CertificateKind {
  return {
    purpose,
    slot: purpose,
    isListed: false,
    upload: null,
    canApply: false,
    canRemove: false,
    canActivate: false,
    canRenew: false,
    quota: null,
    afterUpload: null,
    ...abilities,
  }
}

function restart(message: string): CertificateKind['afterUpload'] {
  return { code: 'restart_required', message }
}
