import type { BundleRules } from './inspect.ts'

export const RULES: BundleRules = {
  maxEagerBytes: 125_000,
  // https://developers.cloudflare.com/workers/platform/limits/#worker-size, of the free plan.
  maxTotalBytes: 3_000_000,
  forbidden: [
    // Certificates are judged when somebody submits one, and private keys come with them alone.
    'packages/x509/',
    '@peculiar/',
    'reflect-metadata',
    'tsyringe',
    'packages/crypto/src/private-key/import.ts',
    'packages/crypto/src/private-key/encryption/',
    // Most requests have nothing to do with certificates or another's wire format, and a connection has one provider.
    'packages/core/src/operations/certificates/upload.ts',
    'packages/core/src/operations/certificates/refresh.ts',
    'packages/core/src/operations/certificates/settle.ts',
    'packages/api/src/dialects/serve.ts',
    'packages/providers/src/graph/index.ts',
    'packages/providers/src/onprem/index.ts',
    'packages/providers/src/kaleyra/index.ts',
    'packages/providers/src/pbx/index.ts',
    // People read these, and not before every call.
    'packages/api/src/openapi/',
    'packages/api/src/pages/',
    // Few callers speak a provider's own wire format.
    'packages/providers/src/graph/dialect.ts',
    'packages/providers/src/kaleyra/dialect.ts',
    'packages/providers/src/onprem/dialect.ts',
    'packages/providers/src/pbx/dialect.ts',
    // Few deployments have issuers.
    'packages/api/src/auth/jwt.ts',
    // The platform has SQLite inside its objects.
    'node:sqlite',
  ],
}
