import * as z from 'zod'

const json = z.record(z.string(), z.unknown())

/** What an issuer serves. */
export const issuerConduct = z.object({ metadata: json, jwks: json, down: z.boolean() })
export type IssuerConduct = z.infer<typeof issuerConduct>

const issuerReads = z.object({ metadata: z.int(), keys: z.int() })
/** How often an issuer's documents were read since its conduct was last set. */
export type IssuerReads = z.infer<typeof issuerReads>

/** Turns one issuer of the server, from whichever runtime. */
export interface IssuerControl {
  readonly issuer: string
  set(conduct: Partial<IssuerConduct>): Promise<void>
  reads(): Promise<IssuerReads>
}

/** @param issuer the issuer's URL: the server's, and a name */
export function issuerControl(issuer: string): IssuerControl {
  return {
    issuer,
    async set({ metadata, jwks = { keys: [] }, down = false }) {
      const conduct: IssuerConduct = {
        metadata: metadata ?? { issuer, jwks_uri: `${issuer}/jwks` },
        jwks,
        down,
      }
      const answer = await fetch(`${issuer}/control`, {
        method: 'PUT',
        body: JSON.stringify(conduct),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`Cannot set the issuer: status ${answer.status}`)
    },
    async reads() {
      return issuerReads.parse(await (await fetch(`${issuer}/control`)).json())
    },
  }
}
