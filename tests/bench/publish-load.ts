import { SECOND } from '@latchkey/core'
import { SAMPLE } from '@latchkey/sandbox'
import { call, make } from '../api/harness/client.ts'
import { freshKey } from '../api/harness/keys.ts'
import { apiAt } from './latchkey.ts'

const CONNECTIONS = 4
const CLIENTS = 16
const NUMBERS_EACH = CLIENTS / CONNECTIONS

/** Publishes for so many seconds; how many a second were answered. */
export type Publishing = (seconds: number) => Promise<number>

/** As many clients as numbers, of a few connections: each publishes to its own, one key after the other. */
export async function publishingAt(url: string, upstream: string): Promise<Publishing> {
  const api = apiAt(url)
  const numbers: string[] = []
  for (let connection = 0; connection < CONNECTIONS; connection += 1) {
    const connectionId = await make(api, '/v1/connections', {
      provider: 'graph',
      name: `publish ${connection}`,
      config: { baseUrl: upstream, maxConcurrent: NUMBERS_EACH },
      credentials: { accessToken: SAMPLE.graph.accessToken },
    })
    for (let number = 0; number < NUMBERS_EACH; number += 1) {
      const upstreamId = String(106_540_352_242_900 + connection * NUMBERS_EACH + number)
      numbers.push(await make(api, '/v1/numbers', { connectionId, upstreamId }))
    }
  }
  const keys = [await freshKey(), await freshKey()]
  return async (seconds) => {
    const began = performance.now()
    const publish = async (number: string) => {
      let done = 0
      for (; performance.now() < began + seconds * SECOND; done += 1) {
        const path = `/v1/numbers/${number}/encryption-key?verify=false`
        const publicKey = keys[done % keys.length]?.pem
        const { status, text } = await call(api, 'PUT', path, { json: { publicKey } })
        if (status !== 200) throw new Error(`Cannot publish: ${text}`)
      }
      return done
    }
    const counts = await Promise.all(numbers.map(publish))
    const total = counts.reduce((sum, count) => sum + count, 0)
    return (total * SECOND) / (performance.now() - began)
  }
}
