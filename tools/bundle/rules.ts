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
    // People read these, and not before every call.
    'packages/api/src/openapi/',
    'packages/api/src/pages/',
    // Few deployments have issuers.
    'packages/api/src/auth/jwt.ts',
    // The log is signed once an hour.
    'packages/core/src/audit/anchor.ts',
    'packages/crypto/src/signer.ts',
    // What is told to others, and what they tell, is dealt with after an answer.
    'packages/http/src/courier/',
    'packages/api/src/webhooks/',
  ],
  forbiddenAtOnce: [
    // What a request is checked by, and what it asks for, comes with its route.
    'zod/',
    'packages/api/src/schemas/',
    'packages/core/src/operations/',
  ],
  // Of the modules of Node, workerd has some in part and others in name alone: what is used of this one is tested there.
  builtIn: ['cloudflare:workers', 'node:crypto'],
  early: {
    // A key is read and published, and whoever asks after the Worker's health gets an answer, without anything else.
    'packages/api/src/routes/': [
      'all.ts',
      'encryption-key.ts',
      'health-answers.ts',
      'key-representation.ts',
      'submitted-key.ts',
      'visible-key.ts',
      'visible-number.ts',
      'webhook-heads.ts',
    ],
    'packages/api/src/schemas/': ['encryption-key.ts', 'ids.ts', 'shown-text.ts', 'warning.ts'],
    'packages/core/src/operations/': [
      'call-upstream.ts',
      'key/carry-out.ts',
      'key/commit.ts',
      'key/load.ts',
      'key/look.ts',
      'key/publish.ts',
      'key/read.ts',
      'key/readable.ts',
      'key/unsent.ts',
      'keyring/lost.ts',
      'keyring/use.ts',
    ],
    // Few callers speak another's wire format.
    'packages/api/src/dialects/': ['mount.ts', 'request.ts'],
    // A connection has one provider.
    'packages/providers/src/': [
      'index.ts',
      'registry.ts',
      'shared/phone-number.ts',
      ...['graph', 'kaleyra', 'onprem', 'pbx'].map((provider) => `${provider}/description.ts`),
    ],
  },
}
