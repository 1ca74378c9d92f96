/** A bare Hono route that answers JSON as long as a key of Latchkey’s: the same for Deno and workerd. */
import { Hono } from 'hono'
import { FIXTURE_PEM } from '@latchkey/providers/fixtures'

const KEY = {
  numberId: 'num_00000000000000000000000000',
  provider: 'graph',
  publicKey: FIXTURE_PEM,
  fingerprint: `sha256:${'0'.repeat(64)}`,
  signatureStatus: 'valid',
  keyId: null,
  inSync: true,
  publishedAt: '2026-01-01T00:00:00.000Z',
  observedAt: '2026-01-01T00:00:00.000Z',
  source: 'cache',
  warnings: [],
}

const app = new Hono().get('/v1/numbers/:numberId/encryption-key', (c) => c.json(KEY))

// `deno serve` and workerd take what they serve as the default export.
// oxlint-disable-next-line import/no-default-export
export default app
