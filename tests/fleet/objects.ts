/// <reference types="@latchkey/ledger/cloudflare-test" />
import { abortAllDurableObjects } from 'cloudflare:test'
import { createKeyRing } from '@latchkey/crypto'
import { type ApiHarness, HARNESS_ENV } from '../api/harness/harness.ts'
import { apiLedger } from '../api/harness/workerd.ts'
import { whyLost } from './opening.ts'

/** What the keys at the upstream are short of, asked of objects that know nothing but what is on the disk. */
export async function lostKeys(api: ApiHarness): Promise<readonly string[]> {
  await abortAllDurableObjects()
  const ledger = apiLedger()
  const { sealer } = await createKeyRing(JSON.parse(HARNESS_ENV.LATCHKEY_KEYS))
  const { numbers } = await api.sandbox.state('graph')
  const pems = new Set(numbers.flatMap(({ key }) => key?.pem ?? []))
  const found = [...pems].map((pem) =>
    whyLost(sealer, pem, async (fingerprint) => {
      const { items } = await ledger.list({ kind: 'key', where: { fingerprint }, limit: 1 })
      return items[0]?.state
    }),
  )
  return (await Promise.all(found)).filter((why) => why !== null)
}
