import { isError } from '../findings.ts'
import { type PathRequest, type PathResult, validatePath } from '../path/validate.ts'
import { type Minted, NOW } from './mint.ts'

/** What is asked of a path in tests: the server `example.com`, in the Web PKI, now. */
export type Asked = Partial<Omit<PathRequest, 'leaf' | 'intermediates' | 'anchors'>> & {
  readonly intermediates?: readonly Minted[]
}

export function judge(leaf: Minted, root: Minted, asked: Asked = {}): Promise<PathResult> {
  const { intermediates = [], ...rules } = asked
  return validatePath({
    profile: 'webpki',
    purpose: 'serverAuth',
    at: NOW,
    hostname: 'example.com',
    ...rules,
    leaf: leaf.der,
    intermediates: intermediates.map(({ der }) => der),
    anchors: [root.der],
  })
}

/** The codes of the errors, each once; none where the path is valid. */
export async function errorsOf(result: Promise<PathResult>): Promise<readonly string[]> {
  const judged = await result
  if (judged.ok) return []
  const codes = judged.findings.filter(isError).map(({ code }) => code)
  return [...new Set(codes)].toSorted()
}
