import type { WycheproofFile } from './file.ts'

/** What came of a case: taken, refused, or nothing because the runtime does not have its parameters. */
export type Outcome = 'accepted' | 'refused' | 'unsupported'

/** A case, ready to be tried. */
export interface Probe {
  readonly id: number
  readonly comment: string
  readonly expected: WycheproofFile['testGroups'][number]['tests'][number]['result']
  readonly run: () => Promise<Outcome>
}

/** WebCrypto names what it cannot do in these ways; a wrong tag, padding or signature is none of them. */
const UNSUPPORTED = new Set(['NotSupportedError', 'TypeError', 'SyntaxError', 'DataError'])

/**
 * Tries what throws where it refuses. Some runtimes refuse parameters that they do not have as if the data were
 * wrong: `forth` does the opposite with the same parameters, and fails there alone.
 * @throws what is neither a refusal nor a lack of support
 */
export async function attempt(
  back: () => Promise<boolean>,
  forth?: () => Promise<unknown>,
): Promise<Outcome> {
  const outcome = await settled(back)
  if (outcome !== 'refused' || forth === undefined) return outcome
  const supported = await settled(async () => (await forth()) !== undefined)
  return supported === 'accepted' ? 'refused' : 'unsupported'
}

async function settled(action: () => Promise<boolean>): Promise<Outcome> {
  try {
    return (await action()) ? 'accepted' : 'refused'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (UNSUPPORTED.has(error.name)) return 'unsupported'
    if (error.name === 'OperationError') return 'refused'
    throw error
  }
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index])
}
