import { SAMPLE } from '@latchkey/sandbox'
import { type DialectsWorld, logInToDeployment, logInToPbx, secretFor } from './world.ts'
import { type CurlAnswer, runCurl } from './curl.ts'
import type { DialectName } from './table.ts'

/** One of two that are asked the same. */
export interface Side {
  /** In the place of the provider's host. */
  readonly base: string
  readonly secret: string
}

export interface Sides {
  readonly latchkey: Side
  readonly emulator: Side
}

/** Latchkey in front of one untouched sandbox, and the emulator itself in another. */
export async function openSides(world: DialectsWorld, dialect: DialectName): Promise<Sides> {
  const { base } = await world.connect(dialect)
  const { upstream, sandbox } = await world.connect(dialect)
  // What Kaleyra makes of it nobody told; whoever sends no key gets no key set or erased here.
  await sandbox.setKnobs('kaleyra', { emptyPost: 'refuse' })
  // Of the two answers that the page allows.
  await sandbox.setKnobs('onprem', { webhookCaAnswer: 'object' })
  return {
    latchkey: { base, secret: await secretFor(world, dialect, base) },
    emulator: { base: upstream, secret: await secretOfSandbox(dialect, upstream) },
  }
}

async function secretOfSandbox(dialect: DialectName, upstream: string): Promise<string> {
  const { graph, onprem, kaleyra, pbx } = SAMPLE
  switch (dialect) {
    case 'graph':
      return graph.accessToken
    case 'onprem':
      return logInToDeployment(upstream, onprem.username, onprem.password)
    case 'kaleyra':
      return kaleyra.apiKey
    case 'pbx':
      return logInToPbx(upstream, pbx.clientId, pbx.clientSecret)
  }
}

/** What a caller can tell of an answer by program: status, type, and the body but for words and traces. */
export interface Told {
  readonly status: number
  /** Without parameters: JSON has none (RFC 8259 §11). */
  readonly type: string
  readonly body: unknown
}

/** Runs one command against both. */
export async function runOnBoth(
  sides: Sides,
  words: (side: Side) => readonly string[],
): Promise<{ readonly latchkey: Told; readonly emulator: Told }> {
  const ask = async (side: Side) => toldBy(await runCurl(words(side)))
  return { latchkey: await ask(sides.latchkey), emulator: await ask(sides.emulator) }
}

function toldBy({ status, headers, text }: CurlAnswer): Told {
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  if (type !== 'application/json') return { status, type, body: text }
  const body: unknown = JSON.parse(text, withoutWords)
  return { status, type, body }
}

/** Told by whoever answers, in words of its own or by its own count; titles belong to a code. */
const WORDS: ReadonlySet<string> = new Set(['details', 'payload', 'version'])
/** What may come beside a code: programs are told not to build on it, or it differs for each answer. */
const ASIDE: ReadonlySet<string> = new Set(['error_data', 'fbtrace_id', 'invalid_param_list'])

function withoutWords(name: string, value: unknown): unknown {
  if (WORDS.has(name) && typeof value === 'string') return '*'
  if (ASIDE.has(name)) return undefined
  // No page promises a key byte for byte.
  if (name === 'business_public_key' && typeof value === 'string') return value.trimEnd()
  const isGraphError =
    name === 'error' && typeof value === 'object' && value !== null && 'code' in value
  return isGraphError ? { ...value, message: '*' } : value
}
