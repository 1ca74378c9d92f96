import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { call, connectionTo } from '../harness/client.ts'
import { complaints } from '../../support/json-schema.ts'
import type { ApiHarness, OpenApi } from '../harness/harness.ts'

const PROVIDERS = ['graph', 'onprem', 'kaleyra', 'pbx'] as const
const json = z.record(z.string(), z.unknown())

const told = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      lifecycle: z.string(),
      operations: z.array(z.string()),
      configSchema: json,
      credentialsSchema: json,
      limits: z.array(z.object({ source: z.string().min(1) })),
      quirks: z.array(z.object({ source: z.string().min(1) })),
    }),
  ),
})
type Told = z.infer<typeof told>['data'][number]

/** What a client that knows no provider can learn: enough to draw a form, and to check it. */
export function providersSuite(open: OpenApi): void {
  describe('GET /v1/providers', () => {
    let api: ApiHarness
    let providers: ReadonlyMap<string, Told>

    beforeAll(async () => {
      api = await open()
      const { json: body } = await call(api, 'GET', '/v1/providers')
      providers = new Map(told.parse(body).data.map((each) => [each.id, each]))
    })
    afterAll(() => api.close())

    const schemasOf = (id: string) => {
      const provider = providers.get(id)
      if (provider === undefined) throw new Error(`No provider "${id}"`)
      const { configSchema, credentialsSchema } = provider
      return {
        config: (value: unknown) => complaints(configSchema, value),
        credentials: (value: unknown) => complaints(credentialsSchema, value),
      }
    }

    test('tells what each can do, so that nothing is found missing late', () => {
      expect(Object.fromEntries([...providers].map(([id, each]) => [id, each.operations]))).toEqual(
        {
          graph: [
            'encryptionKey.publish',
            'encryptionKey.read',
            'numbers.list',
            'connection.check',
          ],
          onprem: [
            'encryptionKey.publish',
            'encryptionKey.read',
            'connection.check',
            'certificate.list',
            'certificate.upload',
            'certificate.remove',
          ],
          kaleyra: ['encryptionKey.publish'],
          pbx: [
            'connection.check',
            'certificate.list',
            'certificate.get',
            'certificate.stage',
            'certificate.upload',
            'certificate.apply',
            'certificate.update',
            'certificate.remove',
            'certificate.activate',
          ],
        },
      )
      expect(providers.get('onprem')?.lifecycle).toBe('sunset')
    })

    test.each(PROVIDERS)('has schemas for %s that take what a connection takes', (id) => {
      const { config, credentials } = schemasOf(id)
      const sample = connectionTo(api, id)
      expect(config(sample.config)).toEqual([])
      expect(credentials(sample.credentials)).toEqual([])
      const limits = { maxConcurrent: 64, repair: 'enforce', repairsPerDay: 0, region: 'weur' }
      expect(config({ ...sample.config, ...limits })).toEqual([])
    })

    test.each(PROVIDERS)('has schemas for %s that refuse what a connection refuses', async (id) => {
      const { config, credentials } = schemasOf(id)
      const sample = connectionTo(api, id)
      for (const wrong of [
        { maxConcurrent: 0 },
        { maxConcurrent: 65 },
        { repair: 'never' },
        { region: 'moon' },
        { baseUrl: 'ftp://upstream.example' },
        { unknown: true },
      ]) {
        const draft = { ...sample.config, ...wrong }
        expect([wrong, config(draft)]).not.toEqual([wrong, []])
        const sent = await call(api, 'POST', '/v1/connections', {
          json: { ...sample, config: draft },
        })
        expect([wrong, sent.status]).toEqual([wrong, 400])
      }
      for (const wrong of [{}, { ...sample.credentials, unknown: 'x' }]) {
        expect([wrong, credentials(wrong)]).not.toEqual([wrong, []])
        const draft = { ...sample, credentials: wrong }
        expect((await call(api, 'POST', '/v1/connections', { json: draft })).status).toBe(400)
      }
    })
  })
}
