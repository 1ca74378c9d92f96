import { call, type Requesting } from '../api/harness/client.ts'

/** Something with a fleet, by chance: a new rotation, or something about the one before. */
export async function doSomething(api: Requesting, chance: number): Promise<void> {
  const { json } = await call(api, 'GET', '/v1/rotations?limit=200')
  const known = (JSON.stringify(json).match(/rot_[0-9a-z]{16}/g) ?? []).at(-1)
  if (known !== undefined && chance < 0.35) {
    const doing = chance < 0.1 ? 'cancel' : chance < 0.2 ? 'retry' : 'rollback'
    await call(api, 'POST', `/v1/rotations/${known}/${doing}`)
  }
  const generate = chance < 0.6 ? 'per-number' : 'shared'
  await call(api, 'POST', '/v1/rotations', {
    json: { numbers: { provider: 'graph' }, key: { generate }, overlapSeconds: 300 },
  })
}
