import * as z from 'zod'

/** In place of a status: nothing is ever answered. */
export const SILENCE = 0

const answer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
})

/** What a receiver answers: these first, one each, then always the last. */
export const receiverConduct = z.object({ first: z.array(answer), always: answer })
export type ReceiverConduct = z.infer<typeof receiverConduct>

const message = z.object({
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** What it was answered. */
  status: z.int(),
})
export const receivedMessages = z.array(message)
/** A webhook as it came. */
export type ReceivedMessage = z.infer<typeof message>

const payload = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.looseObject({ id: z.string(), subject: z.string(), sequence: z.int() }),
})

/** A receiver of webhooks, turned and asked from whichever runtime. */
export interface ReceiverControl {
  /** Where it takes them. */
  readonly url: string
  /** A number is a status without headers. */
  answer(always: number | ReceiverConduct['always'], ...first: readonly number[]): Promise<void>
  /** Everything that came, accepted or not. */
  received(): Promise<readonly ReceivedMessage[]>
}

/** A receiver of its own on the server at `serverUrl`; it accepts everything until told otherwise. */
export function newReceiver(serverUrl: string): ReceiverControl {
  const url = `${serverUrl}/${crypto.randomUUID()}`
  return {
    url,
    async answer(always, ...first) {
      const conduct: ReceiverConduct = {
        first: first.map((status) => ({ status, headers: {} })),
        always: typeof always === 'number' ? { status: always, headers: {} } : always,
      }
      const answered = await fetch(`${url}/control`, {
        method: 'PUT',
        body: JSON.stringify(conduct),
      })
      await answered.body?.cancel()
      if (!answered.ok) throw new Error(`Cannot turn the receiver: status ${answered.status}`)
    },
    async received() {
      return receivedMessages.parse(await (await fetch(`${url}/control`)).json())
    },
  }
}

export function payloadOf({ body }: ReceivedMessage): z.infer<typeof payload> {
  return payload.parse(JSON.parse(body))
}

/** Whether its receiver took it. */
export function isTaken({ status }: ReceivedMessage): boolean {
  return status >= 200 && status < 300
}
