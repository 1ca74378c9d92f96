import { expect, test } from 'vitest'
import { NOW } from '../testing/sample-number.ts'
import type { BundleInspection } from './inspector.ts'
import { lazyInspector } from './lazy-inspector.ts'

test('lazyInspector() loads its code when it is first needed, and hands on what it is asked', async () => {
  let loads = 0
  const empty: BundleInspection = {
    verdict: 'fail',
    findings: [],
    certificates: [],
    normalizedPem: null,
  }
  const inspector = lazyInspector(async () => {
    loads += 1
    return {
      inspectBundle: async ({ pem }) => ({ ...empty, normalizedPem: pem }),
      describeCertificate: async () => {
        throw new Error('None')
      },
    }
  })
  expect(loads).toBe(0)
  const inspected = await inspector.inspect({ pem: 'PEM', purpose: 'server', at: NOW })
  expect(inspected.normalizedPem).toBe('PEM')
  expect(loads).toBe(1)
  await expect(inspector.describe('PEM')).rejects.toThrow('None')
})
