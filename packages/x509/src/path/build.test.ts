import { seededRandom } from '@latchkey/core/testing'
import { describe, expect, test } from 'vitest'
import { errorsOf, judge } from '../testing/judge.ts'
import { utcTime } from '../testing/der.ts'
import { generateKeys } from '../testing/keys.ts'
import { mintAuthority, type Minted, mintLeaf, mintRoot, NOW } from '../testing/mint.ts'
import { commonName } from '../testing/names.ts'
import { validatePath } from './validate.ts'

const EXPIRED = { notAfter: utcTime('270102000000Z') }

function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = seededRandom(seed)
  return items
    .map((item) => ({ item, at: random.fraction() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

describe('buildPath()', () => {
  test.each([1, 2, 3, 4, 5])('finds a path of four in any order (seed %i)', async (seed) => {
    const root = await mintRoot()
    const first = await mintAuthority(root, { name: commonName('First') })
    const second = await mintAuthority(first, { name: commonName('Second') })
    const third = await mintAuthority(second, { name: commonName('Third') })
    const stray = await mintAuthority(await mintRoot({ name: commonName('Stray') }))
    const leaf = await mintLeaf(third)
    const intermediates = shuffled([first, second, third, stray, root, third], seed)
    const result = await judge(leaf, root, { intermediates })
    expect(result).toMatchObject({
      ok: true,
      path: [leaf.der, third.der, second.der, first.der, root.der],
    })
  })

  test('goes round an intermediate that has expired', async () => {
    const root = await mintRoot()
    const keys = await generateKeys()
    const old = await mintAuthority(root, { keys, ...EXPIRED })
    const renewed = await mintAuthority(root, { keys })
    const leaf = await mintLeaf(renewed)
    expect(await errorsOf(judge(leaf, root, { intermediates: [old, renewed] }))).toEqual([])
    expect(await errorsOf(judge(leaf, root, { intermediates: [old] }))).toEqual(['expired'])
  })

  test('takes a cross-signed certificate to the root that is trusted', async () => {
    const [trusted, other] = [await mintRoot({ name: commonName('Trusted') }), await mintRoot()]
    const keys = await generateKeys()
    const byOther = await mintAuthority(other, { keys })
    const byTrusted = await mintAuthority(trusted, { keys })
    const leaf = await mintLeaf(byOther)
    const result = await judge(leaf, trusted, { intermediates: [other, byOther, byTrusted] })
    expect(result).toMatchObject({ ok: true, path: [leaf.der, byTrusted.der, trusted.der] })
  })

  test('tells two authorities of one name apart by their keys', async () => {
    const root = await mintRoot()
    const twins = await Promise.all([mintAuthority(root), mintAuthority(root), mintAuthority(root)])
    for (const twin of twins) {
      const leaf = await mintLeaf(twin)
      const result = await judge(leaf, root, { intermediates: twins })
      expect(result).toMatchObject({ ok: true, path: [leaf.der, twin.der, root.der] })
    }
  })

  // Two authorities that vouch for each other are trusted by nobody else.
  test('ends where authorities sign each other in a circle', async () => {
    const root = await mintRoot()
    const [a, b] = [
      await mintRoot({ name: commonName('A') }),
      await mintRoot({ name: commonName('B') }),
    ]
    const aByB = await mintAuthority(b, { name: a.name, keys: a.keys })
    const bByA = await mintAuthority(a, { name: b.name, keys: b.keys })
    const path = judge(await mintLeaf(a), root, { intermediates: [aByB, bByA], maxDepth: 255 })
    expect(await errorsOf(path)).toEqual(['no_trust_anchor'])
  })

  test('looks at no anchor that the path does not need', async () => {
    const root = await mintRoot()
    const leaf = await mintLeaf(root)
    const request = { profile: 'webpki', purpose: 'serverAuth', at: NOW, leaf: leaf.der } as const
    const stray = await mintRoot({ ...EXPIRED, name: commonName('Stray') })
    const anchors = [stray, root].map(({ der }: Minted) => der)
    expect(await errorsOf(validatePath({ ...request, intermediates: [], anchors }))).toEqual([])
  })
})
