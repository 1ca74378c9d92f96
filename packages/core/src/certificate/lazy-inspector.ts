import type { CertificateInspector } from './inspector.ts'

/** What judges certificates, by its functions. */
export interface InspectorModule {
  readonly inspectBundle: CertificateInspector['inspect']
  readonly describeCertificate: CertificateInspector['describe']
}

/** An inspector whose code is loaded when it is first needed: a read of a key never waits for it. */
export function lazyInspector(load: () => Promise<InspectorModule>): CertificateInspector {
  return {
    async inspect(request) {
      const { inspectBundle } = await load()
      return inspectBundle(request)
    },
    async describe(certificate) {
      const { describeCertificate } = await load()
      return describeCertificate(certificate)
    },
  }
}
