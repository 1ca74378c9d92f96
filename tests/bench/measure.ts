import { Agent, request } from 'node:http'

/** One request of one client, its connection kept open. */
export interface Target {
  readonly name: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Milliseconds of each request, sorted. */
export type Timings = readonly number[]

const ROUNDS = 2_000
/** As many as the runtimes take to have compiled what is done again and again. */
const WARM_UP = 2_000

/**
 * Times targets against each other: a request to each after the other, many times over, so that what else the machine
 * does falls on all of them, and none finds its memory warmer than the others do.
 * @throws Error where one answers anything but 200
 */
export async function timeTargets(
  targets: readonly Target[],
): Promise<ReadonlyMap<string, Timings>> {
  const agents = new Map(
    targets.map(({ name }) => [name, new Agent({ keepAlive: true, maxSockets: 1 })]),
  )
  const timings = new Map<string, number[]>(targets.map(({ name }) => [name, []]))
  try {
    for (const target of targets) {
      for (let count = 0; count < WARM_UP; count += 1) await send(target, agents.get(target.name))
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const target of targets) {
        timings.get(target.name)?.push(await send(target, agents.get(target.name)))
      }
    }
  } finally {
    for (const agent of agents.values()) agent.destroy()
  }
  return new Map([...timings].map(([name, all]) => [name, all.toSorted((a, b) => a - b)]))
}

export function quantile(timings: Timings, part: number): number {
  return timings[Math.min(timings.length - 1, Math.floor(timings.length * part))] ?? Number.NaN
}

function send({ url, method, headers, body }: Target, agent: Agent | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const sent = request(
      url,
      { method, headers, ...(agent === undefined ? {} : { agent }) },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => (text += chunk))
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(performance.now() - began)
          else
            reject(
              new Error(`${method} ${url} answered ${answer.statusCode}: ${text.slice(0, 200)}`),
            )
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Of figures in any order. */
export function median(figures: readonly number[]): number {
  return quantile(
    figures.toSorted((a, b) => a - b),
    0.5,
  )
}
