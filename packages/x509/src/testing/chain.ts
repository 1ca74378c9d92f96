import type { Rules } from '../rules.ts'
import { errorsOf, judge } from './judge.ts'
import { type Changes, mintAuthority, mintLeaf, mintRoot } from './mint.ts'

/** What of a path of three is to differ from a sound one, and from what is asked of it. */
export interface ChainChanges extends Partial<Rules> {
  readonly root?: Changes
  readonly authority?: Changes
  readonly leaf?: Changes
  readonly hostname?: string
  readonly ip?: string
  readonly email?: string
}

/** The codes of the errors of a path from a root over an authority to a leaf with these changes. */
export async function errorsOfChain({
  root: rootChanges,
  authority: authorityChanges,
  leaf: leafChanges,
  ...asked
}: ChainChanges): Promise<readonly string[]> {
  const root = await mintRoot(rootChanges)
  const authority = await mintAuthority(root, authorityChanges)
  const leaf = await mintLeaf(authority, leafChanges)
  return errorsOf(judge(leaf, root, { ...asked, intermediates: [authority] }))
}
